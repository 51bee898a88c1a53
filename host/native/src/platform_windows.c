/* platform_windows.c - the Windows half of platform.h: kernel32 and advapi32. */
#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0602 /* Windows Server 2012 */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "platform_windows.h"

/* RtlGenRandom; the headers hide it behind an include that breaks others. */
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG bytes);

#define PATH_UNITS 4096

static HANDLE to_handle(platform_file file) { return (HANDLE)file.handle; }

static uint32_t last_error(void) {
  DWORD code = GetLastError();
  return code == ERROR_SUCCESS ? ERROR_GEN_FAILURE : code;
}

static bool to_wide(const char *text, WCHAR *out, int units) {
  return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, out, units) > 0;
}

static bool to_utf8(const WCHAR *text, char *out, size_t out_bytes) {
  return WideCharToMultiByte(CP_UTF8, 0, text, -1, out, (int)out_bytes, NULL, NULL) > 0;
}

/* -- time, chance, process -- */

int64_t platform_time_us(void) {
  FILETIME now;
  GetSystemTimePreciseAsFileTime(&now);
  uint64_t ticks = ((uint64_t)now.dwHighDateTime << 32) | now.dwLowDateTime;
  return (int64_t)(ticks / 10) - INT64_C(11644473600000000);
}

uint64_t platform_monotonic_ns(void) {
  LARGE_INTEGER now;
  LARGE_INTEGER rate;
  QueryPerformanceCounter(&now);
  QueryPerformanceFrequency(&rate);
  uint64_t whole = (uint64_t)(now.QuadPart / rate.QuadPart);
  uint64_t rest = (uint64_t)(now.QuadPart % rate.QuadPart);
  return whole * UINT64_C(1000000000) + rest * UINT64_C(1000000000) / (uint64_t)rate.QuadPart;
}

void platform_sleep_ms(uint32_t ms) { Sleep(ms); }

uint32_t platform_process_id(void) { return GetCurrentProcessId(); }

void platform_random(uint8_t *out, size_t bytes) {
  if (SystemFunction036(out, (ULONG)bytes)) {
    return;
  }
  /* Does not happen; identities only have to differ: time, process and address do that. */
  uint64_t state = platform_monotonic_ns() ^ ((uint64_t)platform_time_us() << 20) ^
                   ((uint64_t)platform_process_id() << 40) ^ (uint64_t)(uintptr_t)&state;
  for (size_t at = 0; at < bytes; at++) {
    state = (state ^ (state >> 29)) * UINT64_C(0xBF58476D1CE4E5B9) + 1;
    out[at] = (uint8_t)(state >> 56);
  }
}

/* -- settings -- */

static bool environment(const WCHAR *name, WCHAR *out, DWORD units) {
  DWORD length = GetEnvironmentVariableW(name, out, units);
  return length > 0 && length < units;
}

static bool registry_value(const WCHAR *name, DWORD types, void *out, DWORD out_bytes) {
  HKEY key;
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Onhook", 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY,
                    &key) != ERROR_SUCCESS) {
    return false;
  }
  LSTATUS status = RegGetValueW(key, NULL, name, types, NULL, out, &out_bytes);
  RegCloseKey(key);
  return status == ERROR_SUCCESS;
}

bool settings_text(const WCHAR *name, WCHAR *out, DWORD out_bytes) {
  return registry_value(name, RRF_RT_REG_SZ, out, out_bytes);
}

bool platform_journal_path(char *out, size_t out_bytes) {
  WCHAR path[PATH_UNITS];
  if (environment(L"ONHOOK_JOURNAL", path, PATH_UNITS)) {
    return to_utf8(path, out, out_bytes);
  }
  if (settings_text(L"JournalPath", path, sizeof path) && path[0] != L'\0') {
    return to_utf8(path, out, out_bytes);
  }
  static const WCHAR below[] = L"\\Onhook\\hangup.journal";
  if (!environment(L"ProgramData", path, PATH_UNITS - (DWORD)(sizeof below / sizeof below[0]))) {
    return false;
  }
  memcpy(path + wcslen(path), below, sizeof below);
  return to_utf8(path, out, out_bytes);
}

uint64_t platform_journal_bytes(void) {
  WCHAR wide[32];
  char text[96];
  if (environment(L"ONHOOK_JOURNAL_BYTES", wide, 32) && to_utf8(wide, text, sizeof text)) {
    return strtoull(text, NULL, 10);
  }
  uint64_t large;
  if (registry_value(L"JournalBytes", RRF_RT_REG_QWORD, &large, sizeof large)) {
    return large;
  }
  DWORD small_value;
  return registry_value(L"JournalBytes", RRF_RT_REG_DWORD, &small_value, sizeof small_value)
             ? small_value
             : 0;
}

void platform_error_text(uint32_t code, char *out, size_t out_bytes) {
  if (code == REFUSED_OWNER || code == REFUSED_LINK) {
    snprintf(out, out_bytes, "%s",
             code == REFUSED_OWNER
                 ? "it or its folder belongs to an account that is not trusted with it"
                 : "it or its folder is a link, or has a second name");
    return;
  }
  WCHAR text[256];
  DWORD units = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                               code, 0, text, 256, NULL);
  while (units > 0 && (text[units - 1] <= L' ' || text[units - 1] == L'.')) {
    units--;
  }
  text[units < 256 ? units : 255] = L'\0';
  if (units == 0 || !to_utf8(text, out, out_bytes)) {
    snprintf(out, out_bytes, "the system refused");
  }
}

/* -- files -- */

bool platform_is_missing(uint32_t code) {
  return code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND;
}
bool platform_is_there(uint32_t code) {
  return code == ERROR_ALREADY_EXISTS || code == ERROR_FILE_EXISTS;
}
bool platform_is_no_memory(uint32_t code) {
  return code == ERROR_NOT_ENOUGH_MEMORY || code == ERROR_OUTOFMEMORY ||
         code == ERROR_COMMITMENT_LIMIT;
}

void platform_close(platform_file file) {
  if (file.handle != -1) {
    CloseHandle(to_handle(file));
  }
}

/* A link is opened itself, not what it leads to. */
static HANDLE open_existing(const WCHAR *path, DWORD access) {
  return CreateFileW(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                     OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
}

uint32_t platform_open(const char *path, platform_file *out, uint64_t *bytes) {
  *out = PLATFORM_NO_FILE;
  WCHAR wide[PATH_UNITS];
  if (!to_wide(path, wide, PATH_UNITS)) {
    return ERROR_INVALID_NAME;
  }
  uint32_t failed = rights_check_folder(wide);
  if (failed != 0) {
    return failed;
  }
  DWORD access = GENERIC_READ | GENERIC_WRITE;
  HANDLE file = open_existing(wide, access | WRITE_DAC);
  if (file == INVALID_HANDLE_VALUE) {
    file = open_existing(wide, access); /* an account that may not change who may */
  }
  if (file == INVALID_HANDLE_VALUE) {
    return last_error();
  }
  LARGE_INTEGER size;
  failed = GetFileType(file) != FILE_TYPE_DISK ? ERROR_INVALID_NAME
           : GetFileSizeEx(file, &size)        ? rights_check_file(file)
                                               : last_error();
  if (failed != 0) {
    CloseHandle(file);
    return failed;
  }
  rights_close(file);
  out->handle = (intptr_t)file;
  *bytes = (uint64_t)size.QuadPart;
  return 0;
}

uint32_t platform_allocate(platform_file file, uint64_t bytes) {
  LARGE_INTEGER size;
  if (!GetFileSizeEx(to_handle(file), &size)) {
    return last_error();
  }
  if ((uint64_t)size.QuadPart >= bytes) {
    return 0; /* a file that is not sparse has its space */
  }
  size.QuadPart = (LONGLONG)bytes;
  return SetFilePointerEx(to_handle(file), size, NULL, FILE_BEGIN) &&
                 SetEndOfFile(to_handle(file))
             ? 0
             : last_error();
}

uint32_t platform_create(const char *path, uint64_t bytes, platform_file *out) {
  *out = PLATFORM_NO_FILE;
  WCHAR wide[PATH_UNITS];
  if (!to_wide(path, wide, PATH_UNITS)) {
    return ERROR_INVALID_NAME;
  }
  uint32_t failed = rights_check_folder(wide);
  if (failed != 0) {
    return failed;
  }
  SECURITY_ATTRIBUTES rights = rights_make(RIGHTS_OF_FILE);
  if (rights.lpSecurityDescriptor == NULL) {
    return ERROR_NOT_ENOUGH_MEMORY; /* rather no journal than one that everybody may read */
  }
  HANDLE file = CreateFileW(wide, GENERIC_READ | GENERIC_WRITE,
                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &rights,
                            CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
  failed = file == INVALID_HANDLE_VALUE ? last_error() : 0;
  LocalFree(rights.lpSecurityDescriptor);
  if (failed != 0) {
    return failed;
  }
  out->handle = (intptr_t)file;
  failed = platform_allocate(*out, bytes);
  if (failed != 0) {
    CloseHandle(file);
    *out = PLATFORM_NO_FILE;
    DeleteFileW(wide);
  }
  return failed;
}

uint32_t platform_create_folders(const char *path) {
  WCHAR wide[PATH_UNITS];
  if (!to_wide(path, wide, PATH_UNITS)) {
    return ERROR_INVALID_NAME;
  }
  SECURITY_ATTRIBUTES rights = rights_make(RIGHTS_OF_FOLDER);
  if (rights.lpSecurityDescriptor == NULL) {
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  for (size_t at = 3; at < PATH_UNITS && wide[at - 1] != L'\0' && wide[at] != L'\0'; at++) {
    WCHAR separator = wide[at];
    if (separator == L'\\' || separator == L'/') {
      wide[at] = L'\0';
      CreateDirectoryW(wide, &rights); /* what fails here fails when the file is created */
      wide[at] = separator;
    }
  }
  LocalFree(rights.lpSecurityDescriptor);
  return 0;
}

static OVERLAPPED place(uint64_t at) {
  OVERLAPPED where = {0};
  where.Offset = (DWORD)(at & UINT32_MAX);
  where.OffsetHigh = (DWORD)(at >> 32);
  return where;
}

uint32_t platform_read(platform_file file, void *out, size_t bytes, uint64_t at) {
  OVERLAPPED where = place(at);
  DWORD done = 0;
  if (!ReadFile(to_handle(file), out, (DWORD)bytes, &done, &where)) {
    return last_error();
  }
  return done == bytes ? 0 : ERROR_HANDLE_EOF;
}

uint32_t platform_write(platform_file file, const void *data, size_t bytes, uint64_t at) {
  OVERLAPPED where = place(at);
  DWORD done = 0;
  if (!WriteFile(to_handle(file), data, (DWORD)bytes, &done, &where)) {
    return last_error();
  }
  return done == bytes ? 0 : ERROR_DISK_FULL;
}

uint32_t platform_rename_new(const char *from, const char *to) {
  WCHAR wide_from[PATH_UNITS];
  WCHAR wide_to[PATH_UNITS];
  if (!to_wide(from, wide_from, PATH_UNITS) || !to_wide(to, wide_to, PATH_UNITS)) {
    return ERROR_INVALID_NAME;
  }
  return MoveFileExW(wide_from, wide_to, 0) ? 0 : last_error();
}

uint32_t platform_delete(const char *path) {
  WCHAR wide[PATH_UNITS];
  return to_wide(path, wide, PATH_UNITS) && DeleteFileW(wide) ? 0 : last_error();
}

bool platform_is_named(platform_file file, const char *path) {
  WCHAR wide[PATH_UNITS];
  if (!to_wide(path, wide, PATH_UNITS)) {
    return false;
  }
  HANDLE other = CreateFileW(wide, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                             OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
  if (other == INVALID_HANDLE_VALUE) {
    return false;
  }
  BY_HANDLE_FILE_INFORMATION a;
  BY_HANDLE_FILE_INFORMATION b;
  bool same = GetFileInformationByHandle(to_handle(file), &a) &&
              GetFileInformationByHandle(other, &b) &&
              a.dwVolumeSerialNumber == b.dwVolumeSerialNumber &&
              a.nFileIndexHigh == b.nFileIndexHigh && a.nFileIndexLow == b.nFileIndexLow;
  CloseHandle(other);
  return same;
}

uint32_t platform_lock(platform_file file, bool *busy) {
  OVERLAPPED where = place(UINT64_C(1) << 62);
  if (LockFileEx(to_handle(file), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
                 &where)) {
    *busy = false;
    return 0;
  }
  uint32_t code = last_error();
  *busy = code == ERROR_LOCK_VIOLATION || code == ERROR_IO_PENDING;
  return code;
}

uint32_t platform_map(platform_file file, uint64_t bytes, void **out) {
  *out = NULL;
  HANDLE section = CreateFileMappingW(to_handle(file), NULL, PAGE_READWRITE, (DWORD)(bytes >> 32),
                                      (DWORD)(bytes & UINT32_MAX), NULL);
  if (section == NULL) {
    return last_error();
  }
  *out = MapViewOfFile(section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, (SIZE_T)bytes);
  uint32_t failed = *out == NULL ? last_error() : 0;
  CloseHandle(section); /* the view keeps it */
  return failed;
}

void platform_unmap(void *base, uint64_t bytes) {
  (void)bytes;
  if (base != NULL) {
    UnmapViewOfFile(base);
  }
}

/* Windows takes pages of a mapped file out of a process by itself when memory is short, and knows
   no cheap call that does so for a part of a view. */
void platform_forget(void *from, uint64_t bytes) {
  (void)from;
  (void)bytes;
}
