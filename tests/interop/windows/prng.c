/* `bcryptprimitives.dll`, which wine 8 lacks: Rust's standard library takes randomness from this one function. For tests only. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T length) { return RtlGenRandom(bytes, (ULONG)length); }
