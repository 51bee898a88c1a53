/* platform_windows.h - what the parts of the Windows half share. Include it after windows.h. */
#ifndef ONHOOK_PLATFORM_WINDOWS_H
#define ONHOOK_PLATFORM_WINDOWS_H

#include <stdbool.h>
#include <stdint.h>

/* Codes of ours among those of the system, which does not use this bit. */
#define REFUSED_OWNER 0x20000001u
#define REFUSED_LINK 0x20000002u

typedef enum rights_of { RIGHTS_OF_FILE, RIGHTS_OF_FOLDER, RIGHTS_OF_EVENT } rights_of;

/* Full rights for the service, administrators, the owner and the account that the host was
   installed for; nobody else. What is in the caller's hands is freed with LocalFree. */
SECURITY_ATTRIBUTES rights_make(rights_of what);

/* Whether the owner of an open object is one of those that rights_make names, or the account of
   this process. SE_FILE_OBJECT or SE_KERNEL_OBJECT. */
bool rights_owner_is_trusted(HANDLE object, bool is_kernel_object);

/* 0 when the folder of `path` is no link and has a trusted owner. */
uint32_t rights_check_folder(const WCHAR *path);
/* 0 when an open file is no link, has no second name and has a trusted owner. */
uint32_t rights_check_file(HANDLE file);
/* Takes inherited rights away from a file that was not made by us. */
void rights_close(HANDLE file);

/* A REG_SZ below HKLM\SOFTWARE\Onhook. */
bool settings_text(const WCHAR *name, WCHAR *out, DWORD out_bytes);

#endif
