/*
 * windows_smoke.c - loads onhook.dll as RRAS and the host do, for Windows or Wine:
 *
 *   x86_64-w64-mingw32-gcc -O2 -Iinclude -Isrc -o build/windows_smoke.exe test/windows_smoke.c
 *   wine64 build/windows_smoke.exe build/onhook.dll
 *
 * Starts itself a second time as the service: two processes, one journal, a named event between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "journal.h"
#include "onhook.h"
#include "ras.h"

#define CHECK(condition)                                                        \
  do {                                                                          \
    if (!(condition)) {                                                         \
      printf("not ok - line %d: %s (error %lu)\n", __LINE__, #condition, GetLastError()); \
      fflush(stdout);                                                           \
      ExitProcess(1);                                                           \
    }                                                                           \
  } while (0)

#define FUNCTION(name) static __typeof__(&name) p_##name
FUNCTION(MprAdminInitializeDll);
FUNCTION(MprAdminTerminateDll);
FUNCTION(MprAdminAcceptNewLink);
FUNCTION(MprAdminLinkHangupNotification);
FUNCTION(MprAdminAcceptNewConnection2);
FUNCTION(MprAdminConnectionHangupNotification2);
FUNCTION(MprAdminAcceptReauthentication);
FUNCTION(onhook_reader_open);
FUNCTION(onhook_reader_wait);
FUNCTION(onhook_reader_drain);
FUNCTION(onhook_reader_commit);
FUNCTION(onhook_reader_statistics);
FUNCTION(onhook_reader_close);
FUNCTION(onhook_last_error);

static void load(const char *path) {
  HMODULE dll = LoadLibraryA(path);
  CHECK(dll != NULL);
#define LOAD(name)                                                                        \
  do {                                                                                    \
    FARPROC address = GetProcAddress(dll, #name);                                         \
    CHECK(address != NULL);                                                               \
    memcpy(&p_##name, &address, sizeof address);                                          \
  } while (0)
  LOAD(MprAdminInitializeDll);
  LOAD(MprAdminTerminateDll);
  LOAD(MprAdminAcceptNewLink);
  LOAD(MprAdminLinkHangupNotification);
  LOAD(MprAdminAcceptNewConnection2);
  LOAD(MprAdminConnectionHangupNotification2);
  LOAD(MprAdminAcceptReauthentication);
  LOAD(onhook_reader_open);
  LOAD(onhook_reader_wait);
  LOAD(onhook_reader_drain);
  LOAD(onhook_reader_commit);
  LOAD(onhook_reader_statistics);
  LOAD(onhook_reader_close);
  LOAD(onhook_last_error);
}

/* The service: hangs up `count` times, with pauses in which the reader falls asleep. */
static int serve(int count) {
  CHECK(p_MprAdminInitializeDll() == 0);
  static onhook_ras_connection_0 c0 = {.connection = 2, .user_name = {'a', 'd', 'a'}};
  static onhook_ras_connection_3 c3 = {.version = 1, .size = sizeof c3, .connection = 2};
  CHECK(p_MprAdminAcceptNewConnection2(&c0, NULL, NULL) == 1);
  CHECK(p_MprAdminAcceptNewLink(NULL, NULL) == 1);
  CHECK(p_MprAdminAcceptReauthentication(&c0, NULL, NULL, &c3) == 1);
  for (int i = 0; i < count; i++) {
    onhook_ras_port_0 p0 = {.port = 1, .connection = 2, .condition = 1};
    p0.total_calls = (uint32_t)i;
    memcpy(p0.port_name, L"VPN2-127", 18);
    p_MprAdminLinkHangupNotification(&p0, NULL);
    if (i % 50 == 0) {
      Sleep(5);
    }
  }
  p_MprAdminConnectionHangupNotification2(&c0, NULL, NULL);
  CHECK(p_MprAdminTerminateDll() == 0);
  return 0;
}

static HANDLE start_service(const char *self, const char *dll) {
  char command[2048];
  snprintf(command, sizeof command, "\"%s\" \"%s\" serve", self, dll);
  STARTUPINFOA startup = {.cb = sizeof startup};
  PROCESS_INFORMATION process;
  CHECK(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
  CloseHandle(process.hThread);
  return process.hProcess;
}

static void check_errors(const char *path) {
  onhook_reader *second;
  CHECK(p_onhook_reader_open(path, 65536, &second) == ONHOOK_BUSY);
  onhook_error_info info;
  char text[512] = {0};
  p_onhook_last_error((uint8_t *)text, sizeof text - 1, &info);
  CHECK(info.process_id == GetCurrentProcessId());
  printf("# %s\n", text);
  CHECK(p_onhook_reader_open("C:\\no\\\"such\"\\path", 0, &second) == ONHOOK_OPEN_FAILED);
  memset(text, 0, sizeof text);
  p_onhook_last_error((uint8_t *)text, sizeof text - 1, &info);
  printf("# %s\n", text);
}

static void set_path(char *path, size_t bytes) {
  char folder[MAX_PATH];
  GetTempPathA(MAX_PATH, folder);
  snprintf(path, bytes, "%sonhook-smoke-%lu\\a\\hangup.journal", folder, GetCurrentProcessId());
  SetEnvironmentVariableA("ONHOOK_JOURNAL", path);
  SetEnvironmentVariableA("ONHOOK_JOURNAL_BYTES", "1048576");
}

int main(int argc, char **argv) {
  CHECK(argc >= 2);
  load(argv[1]);
  if (argc == 3) {
    return serve(1000);
  }
  char path[MAX_PATH + 64];
  set_path(path, sizeof path);
  FILE *broken;
  onhook_reader *r;
  CHECK(p_onhook_reader_open(path, 1048576, &r) == ONHOOK_OK);
  check_errors(path);
  HANDLE service = start_service(argv[0], argv[1]);
  static uint64_t buffer[8192];
  uint32_t hangups = 0;
  uint32_t others = 0;
  uint32_t stops = 0;
  for (int rounds = 0; stops == 0 && rounds < 10000; rounds++) {
    int32_t waited = p_onhook_reader_wait(r, 5000);
    CHECK(waited == ONHOOK_OK);
    onhook_drained d;
    CHECK(p_onhook_reader_drain(r, (uint8_t *)buffer, sizeof buffer, 100, &d) == ONHOOK_OK);
    for (uint32_t at = 0; at < d.bytes;) {
      entry_header h;
      memcpy(&h, (uint8_t *)buffer + at, sizeof h);
      hangups += h.type == ENTRY_LINK_HANGUP;
      others += h.type > ENTRY_LINK_HANGUP && h.type <= ENTRY_REAUTHENTICATION;
      stops += h.type == ENTRY_SERVICE_STOP;
      at += (h.bytes + 7) & ~7u;
    }
    CHECK(p_onhook_reader_commit(r, d.position, d.lost_total) == ONHOOK_OK);
  }
  CHECK(hangups == 1000 && others == 4);
  CHECK(WaitForSingleObject(service, 5000) == WAIT_OBJECT_0);
  onhook_statistics s;
  CHECK(p_onhook_reader_statistics(r, &s) == ONHOOK_OK);
  CHECK(s.callouts_total == 1004 && s.lost_total == 0 && s.head_position == s.tail_position);
  printf("# mean callout %llu ns\n", (unsigned long long)(s.callout_ns_total / 1004));
  CHECK(p_onhook_reader_close(r) == ONHOOK_OK);
  /* A broken file is set aside by the service. */
  broken = fopen(path, "wb");
  CHECK(broken != NULL);
  fputs("nothing of ours", broken);
  fclose(broken);
  CHECK(p_onhook_reader_open(path, 0, &r) == ONHOOK_UNKNOWN_FORMAT);
  CHECK(p_MprAdminInitializeDll() == 0);
  CHECK(p_MprAdminTerminateDll() == 0);
  CHECK(p_onhook_reader_open(path, 0, &r) == ONHOOK_OK);
  CHECK(p_onhook_reader_close(r) == ONHOOK_OK);
  printf("ok 1 - onhook.dll: service and host share a journal\n");
  return 0;
}
