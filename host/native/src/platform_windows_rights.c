/*
 * platform_windows_rights.c - who may touch the journal, whose journal is believed, and the words
 * for the administrator.
 *
 * %ProgramData% lets every user make folders. Whoever made ours before we did owns it, and could
 * forge what the host believes and what the service maps. So what is found is only used when its
 * owner is the service, an administrator, the account of this process or the host's account.
 */
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0602 /* Windows Server 2012 */
#include <windows.h>
/* After windows.h. */
#include <aclapi.h>
#include <sddl.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "platform.h"
#include "platform_windows.h"

#define SID_UNITS 192
#define SDDL_UNITS 512
#define PATH_UNITS 4096

typedef union token_answer {
  TOKEN_USER user;
  TOKEN_OWNER owner;
  uint8_t bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
} token_answer;

/* The account that the installer gave to the host. The caller frees it with LocalFree. */
static PSID host_account(void) {
  WCHAR text[SID_UNITS];
  PSID sid = NULL;
  if (!settings_text(L"HostAccount", text, sizeof text) || text[0] == L'\0' ||
      !ConvertStringSidToSidW(text, &sid)) {
    return NULL;
  }
  return sid;
}

/* Something that a token tells in a SID; `out` has room for any. False when it does not. */
static bool token_sid(TOKEN_INFORMATION_CLASS class, token_answer *out) {
  HANDLE token;
  if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
    return false;
  }
  DWORD bytes;
  bool told = GetTokenInformation(token, class, out, sizeof *out, &bytes);
  CloseHandle(token);
  return told;
}

/* Who owns what this process makes, as text for LocalFree: administrators, when it has their rights.
   Said aloud, because a system may leave it open. */
static WCHAR *owner_of_new(void) {
  token_answer found;
  WCHAR *text = NULL;
  return token_sid(TokenOwner, &found) && ConvertSidToStringSidW(found.owner.Owner, &text) ? text
                                                                                           : NULL;
}

SECURITY_ATTRIBUTES rights_make(rights_of what) {
  static const WCHAR *const aces[] = {
      [RIGHTS_OF_FILE] = L"(A;;FA;;;%ls)",
      [RIGHTS_OF_FOLDER] = L"(A;OICI;FA;;;%ls)",
      [RIGHTS_OF_EVENT] = L"(A;;0x1F0003;;;%ls)",
  };
  const WCHAR *accounts[] = {L"SY", L"BA", L"OW", NULL};
  PSID host = host_account();
  WCHAR *host_text = NULL;
  /* Written anew from the account itself: what stands in the registry is no part of a rule. */
  if (host != NULL && ConvertSidToStringSidW(host, &host_text)) {
    accounts[3] = host_text;
  }
  WCHAR rules[SDDL_UNITS] = L"";
  WCHAR *owner = what == RIGHTS_OF_EVENT ? owner_of_new() : NULL;
  size_t length = 0;
  if (owner != NULL) {
    length = (size_t)_snwprintf(rules, SDDL_UNITS / 2, L"O:%ls", owner);
    LocalFree(owner);
  }
  memcpy(rules + length, L"D:P", 3 * sizeof rules[0]);
  length += 3;
  for (size_t i = 0; i < 4 && accounts[i] != NULL; i++) {
    int added = _snwprintf(rules + length, SDDL_UNITS - 1 - length, aces[what], accounts[i]);
    length += added > 0 ? (size_t)added : 0;
  }
  rules[length] = L'\0';
  LocalFree(host_text);
  LocalFree(host);
  SECURITY_ATTRIBUTES attributes = {.nLength = sizeof attributes};
  PSECURITY_DESCRIPTOR descriptor = NULL;
  if (ConvertStringSecurityDescriptorToSecurityDescriptorW(rules, SDDL_REVISION_1, &descriptor,
                                                           NULL)) {
    attributes.lpSecurityDescriptor = descriptor;
  }
  return attributes;
}

static bool is_this_process(PSID owner) {
  token_answer found;
  return (token_sid(TokenUser, &found) && EqualSid(owner, found.user.User.Sid)) ||
         (token_sid(TokenOwner, &found) && EqualSid(owner, found.owner.Owner));
}

static bool is_trusted(PSID owner) {
  if (IsWellKnownSid(owner, WinLocalSystemSid) ||
      IsWellKnownSid(owner, WinBuiltinAdministratorsSid) || is_this_process(owner)) {
    return true;
  }
  PSID host = host_account();
  bool same = host != NULL && EqualSid(owner, host);
  LocalFree(host);
  return same;
}

bool rights_owner_is_trusted(HANDLE object, bool is_kernel_object) {
  PSID owner = NULL;
  PSECURITY_DESCRIPTOR descriptor = NULL;
  DWORD failed =
      GetSecurityInfo(object, is_kernel_object ? SE_KERNEL_OBJECT : SE_FILE_OBJECT,
                      OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &descriptor);
  bool trusted = failed == ERROR_SUCCESS && owner != NULL && is_trusted(owner);
  LocalFree(descriptor);
  return trusted;
}

uint32_t rights_check_folder(const WCHAR *path) {
  WCHAR folder[PATH_UNITS];
  size_t end = 0;
  for (size_t at = 0; path[at] != L'\0' && at < PATH_UNITS - 1; at++) {
    folder[at] = path[at];
    if (path[at] == L'\\' || path[at] == L'/') {
      end = at + 1;
    }
  }
  if (end == 0) {
    return 0; /* the working folder: nothing that a service would be given */
  }
  folder[end > 3 ? end - 1 : end] = L'\0'; /* "C:\" is a folder, "C:" is another one */
  HANDLE handle =
      CreateFileW(folder, READ_CONTROL | FILE_READ_ATTRIBUTES,
                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                  FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
  if (handle == INVALID_HANDLE_VALUE) {
    return GetLastError();
  }
  BY_HANDLE_FILE_INFORMATION about;
  uint32_t failed = 0;
  if (!GetFileInformationByHandle(handle, &about)) {
    failed = GetLastError();
  } else if ((about.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
    failed = REFUSED_LINK;
  } else if (!rights_owner_is_trusted(handle, false)) {
    failed = REFUSED_OWNER;
  }
  CloseHandle(handle);
  return failed;
}

uint32_t rights_check_file(HANDLE file) {
  BY_HANDLE_FILE_INFORMATION about;
  if (!GetFileInformationByHandle(file, &about)) {
    return GetLastError();
  }
  if ((about.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 || about.nNumberOfLinks > 1) {
    return REFUSED_LINK;
  }
  return rights_owner_is_trusted(file, false) ? 0 : REFUSED_OWNER;
}

void rights_close(HANDLE file) {
  PSECURITY_DESCRIPTOR found = NULL;
  if (GetSecurityInfo(file, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, NULL, NULL,
                      &found) != ERROR_SUCCESS) {
    return;
  }
  SECURITY_DESCRIPTOR_CONTROL control = 0;
  DWORD revision;
  bool inherits = GetSecurityDescriptorControl(found, &control, &revision) &&
                  (control & SE_DACL_PROTECTED) == 0;
  LocalFree(found);
  if (!inherits) {
    return;
  }
  SECURITY_ATTRIBUTES rights = rights_make(RIGHTS_OF_FILE);
  if (rights.lpSecurityDescriptor != NULL) {
    /* What fails here leaves the file as it was found; its owner is trusted. */
    SetKernelObjectSecurity(file, DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                            rights.lpSecurityDescriptor);
  }
  LocalFree(rights.lpSecurityDescriptor);
}

void platform_report(bool is_error, const char *text) {
  WCHAR wide[PLATFORM_REPORT_BYTES]; /* no text has more units than bytes */
  if (MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, PLATFORM_REPORT_BYTES) <= 0) {
    return;
  }
  HANDLE log = RegisterEventSourceW(NULL, L"Onhook");
  if (log == NULL) {
    return;
  }
  const WCHAR *strings[] = {wide};
  ReportEventW(log, is_error ? EVENTLOG_ERROR_TYPE : EVENTLOG_INFORMATION_TYPE, 0,
               is_error ? 1 : 2, NULL, 1, 0, strings, NULL);
  DeregisterEventSource(log);
}
