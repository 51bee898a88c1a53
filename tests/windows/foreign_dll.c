/*
 * foreign_dll.c - somebody else's RAS administration DLL, for tests. Writes each callout as a line
 * to the file that FOREIGN_DLL_LOG names: NAME, the function, the thread, and the connection.
 * WITHOUT_HANGUP leaves a function out, FAILS_WITH makes it refuse the service's start,
 * NEEDS_MISSING lets it need a library that is not there.
 */
#include <stdint.h>
#include <stdio.h>
#include <windows.h>

#ifndef FAILS_WITH
#define FAILS_WITH 0
#endif

#ifdef NEEDS_MISSING
__declspec(dllimport) int missing(void);
#endif

#define EXPORT __declspec(dllexport)

static void note(const char *function, const void *structure, int at) {
  char path[1024];
  char line[256];
  if (GetEnvironmentVariableA("FOREIGN_DLL_LOG", path, sizeof path) == 0) {
    return;
  }
  uint64_t connection = structure == NULL ? 0 : *(const uint64_t *)((const char *)structure + at);
  int length = snprintf(line, sizeof line, NAME " %s %lu 0x%llx\n", function,
                        (unsigned long)GetCurrentThreadId(), (unsigned long long)connection);
  /* Under Wine, two that append at the same time write over each other. */
  HANDLE turn = CreateMutexA(NULL, FALSE, "foreign-dll-log");
  WaitForSingleObject(turn, INFINITE);
  HANDLE file = CreateFileA(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                            OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
  DWORD written;
  SetFilePointer(file, 0, NULL, FILE_END);
  WriteFile(file, line, (DWORD)length, &written, NULL);
  CloseHandle(file);
  ReleaseMutex(turn);
  CloseHandle(turn);
}

EXPORT DWORD WINAPI MprAdminInitializeDll(void) {
  note("start", NULL, 0);
#ifdef NEEDS_MISSING
  missing();
#endif
  return FAILS_WITH;
}
EXPORT DWORD WINAPI MprAdminTerminateDll(void) {
  note("stop", NULL, 0);
  return 0;
}
EXPORT BOOL WINAPI MprAdminAcceptNewConnection2(void *c0, void *c1, void *c2) {
  (void)c1, (void)c2;
  note("connect", c0, 0);
  return TRUE;
}
EXPORT void WINAPI MprAdminConnectionHangupNotification2(void *c0, void *c1, void *c2) {
  (void)c1, (void)c2;
  note("disconnect", c0, 0);
}
EXPORT BOOL WINAPI MprAdminAcceptNewLink(void *p0, void *p1) {
  (void)p1;
  note("link", p0, 8);
  return TRUE;
}
#ifndef WITHOUT_HANGUP
EXPORT void WINAPI MprAdminLinkHangupNotification(void *p0, void *p1) {
  (void)p1;
  note("hangup", p0, 8);
}
#endif
EXPORT BOOL WINAPI MprAdminAcceptReauthentication(void *c0, void *c1, void *c2, void *c3) {
  (void)c1, (void)c2, (void)c3;
  note("reauthenticate", c0, 0);
  return TRUE;
}
