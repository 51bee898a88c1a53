/*
 * hooks.h - places where a test may stop or kill the process. They exist in test builds only; in
 * the library ONHOOK_HOOK is nothing.
 */
#ifndef ONHOOK_HOOKS_H
#define ONHOOK_HOOKS_H

enum {
  HOOK_BEFORE_CLAIM = 1,  /* tail read, nothing written */
  HOOK_TAIL_MOVED,        /* the place is taken, its word not yet claimed */
  HOOK_CLAIMED,           /* bytes not yet copied */
  HOOK_COPIED,            /* word not yet published */
  HOOK_PUBLISHED,         /* reader not yet woken */
  HOOK_RELEASE_NOTED,     /* commit: release written */
  HOOK_RELEASE_HALF,      /* commit: some of the words cleared */
  HOOK_RELEASE_CLEARED,   /* commit: all cleared, head not yet moved */
  HOOK_RELEASED,          /* commit: head moved, losses not yet acknowledged */
  HOOK_RECORD_COUNTED,    /* drain: loss counted, record not yet marked */
  HOOK_CREATED            /* a new file is complete and has its temporary name */
};

#ifdef ONHOOK_TEST
extern void (*onhook_test_hook)(int place);
#define ONHOOK_HOOK(place)         \
  do {                             \
    if (onhook_test_hook) {        \
      onhook_test_hook(place);     \
    }                              \
  } while (0)
#else
#define ONHOOK_HOOK(place) ((void)0)
#endif

#endif
