/* platform_windows_process.c - the rest of the Windows half: waking, locking, threads, usage. */
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0602 /* Windows Server 2012 */
#include <windows.h>
/* After windows.h. */
#include <psapi.h>
#include <stdio.h>
#include <stdlib.h>

#include "platform.h"
#include "platform_windows.h"

/* The event, when it can be trusted: somebody who guessed its name may have made one before us. */
static HANDLE open_event(const WCHAR *name) {
  SECURITY_ATTRIBUTES rights = rights_make(RIGHTS_OF_EVENT);
  HANDLE event = CreateEventW(&rights, FALSE, FALSE, name);
  bool is_ours = event != NULL && GetLastError() != ERROR_ALREADY_EXISTS;
  LocalFree(rights.lpSecurityDescriptor);
  if (event == NULL) {
    event = OpenEventW(SYNCHRONIZE | EVENT_MODIFY_STATE | READ_CONTROL, FALSE, name);
  }
  if (event != NULL && !is_ours && !rights_owner_is_trusted(event, true)) {
    CloseHandle(event);
    event = NULL;
  }
  return event;
}

/* The name stands in the journal, which nobody else may read, and nowhere else. */
void platform_wake_open(platform_wake *wake, uint32_t *asleep, const uint8_t key[16]) {
  WCHAR name[64] = L"Global\\onhook-";
  size_t length = wcslen(name);
  for (size_t i = 0; i < 16; i++) {
    static const WCHAR digits[] = L"0123456789abcdef";
    name[length++] = digits[key[i] >> 4];
    name[length++] = digits[key[i] & 15];
  }
  name[length] = L'\0';
  wake->asleep = asleep;
  wake->event = (intptr_t)open_event(name);
}

bool platform_wake_works(const platform_wake *wake) { return wake->event != 0; }

void platform_wake_close(platform_wake *wake) {
  if (wake->event != 0) {
    CloseHandle((HANDLE)wake->event);
  }
  *wake = (platform_wake){0};
}

void platform_wake_wait(const platform_wake *wake, uint32_t ms) {
  if (wake->event == 0) {
    Sleep(ms);
    return;
  }
  WaitForSingleObject((HANDLE)wake->event, ms);
}

void platform_wake_up(const platform_wake *wake) {
  if (wake->event != 0) {
    DWORD before = GetLastError();
    SetEvent((HANDLE)wake->event);
    SetLastError(before); /* the caller's thread is not ours */
  }
}

static SRWLOCK lifecycle = SRWLOCK_INIT;

void platform_lifecycle_lock(void) { AcquireSRWLockExclusive(&lifecycle); }
void platform_lifecycle_unlock(void) { ReleaseSRWLockExclusive(&lifecycle); }

typedef struct start {
  void (*run)(void *);
  void *argument;
} start;

static DWORD WINAPI run_thread(void *argument) {
  start begin = *(start *)argument;
  free(argument);
  begin.run(begin.argument);
  return 0;
}

bool platform_thread_start(platform_thread *thread, void (*run)(void *), void *argument) {
  start *begin = malloc(sizeof *begin);
  if (begin == NULL) {
    return false;
  }
  *begin = (start){run, argument};
  HANDLE handle = CreateThread(NULL, 0, run_thread, begin, 0, NULL);
  if (handle == NULL) {
    free(begin);
    return false;
  }
  *thread = (platform_thread){.handle = (uint64_t)(uintptr_t)handle, .running = true};
  return true;
}

bool platform_thread_join(platform_thread *thread, uint32_t ms) {
  if (!thread->running) {
    return true;
  }
  thread->running = false;
  HANDLE handle = (HANDLE)(uintptr_t)thread->handle;
  bool ended = WaitForSingleObject(handle, ms) == WAIT_OBJECT_0;
  CloseHandle(handle);
  return ended;
}

void platform_stay_loaded(void) {
  HMODULE self;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     (LPCWSTR)(const void *)&lifecycle, &self);
}

static uint64_t of_100_ns(FILETIME time) {
  return ((uint64_t)time.dwHighDateTime << 32) | time.dwLowDateTime;
}

/* The numbers of a process that is open. K32...: kernel32's own, without psapi.dll. */
static bool read_usage(HANDLE process, platform_usage *out) {
  PROCESS_MEMORY_COUNTERS memory = {.cb = sizeof memory};
  FILETIME created;
  FILETIME ended;
  FILETIME kernel;
  FILETIME user;
  if (!K32GetProcessMemoryInfo(process, &memory, sizeof memory) ||
      !GetProcessTimes(process, &created, &ended, &kernel, &user)) {
    return false;
  }
  out->resident_bytes = memory.WorkingSetSize;
  out->cpu_us = (of_100_ns(kernel) + of_100_ns(user)) / 10;
  return true;
}

uint32_t platform_process_usage(uint32_t process_id, platform_usage *out, bool *gone) {
  HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, process_id);
  if (process == NULL) {
    DWORD failed = GetLastError();
    *gone = failed == ERROR_INVALID_PARAMETER;
    return failed == ERROR_SUCCESS ? ERROR_GEN_FAILURE : failed;
  }
  /* An ended process can be opened for as long as anybody has a handle of it. */
  *gone = WaitForSingleObject(process, 0) == WAIT_OBJECT_0;
  DWORD failed = ERROR_INVALID_PARAMETER;
  if (!*gone) {
    failed = read_usage(process, out) ? ERROR_SUCCESS : GetLastError();
  }
  CloseHandle(process);
  return failed;
}
