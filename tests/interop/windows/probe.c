/* A program of Windows that tells what it was given, and one that starts others as no shell of wine can.
 *
 *   probe start NAME=VALUE … -- PROGRAM …  starts a program, by the rest of the command line as it is; tells its exit status
 *   probe press FILE EVENT … -- PROGRAM …  the same on a console of its own, which tells its programs of an event when FILE exists:
 *                                          0 Ctrl-C, 1 Ctrl-Break, 2 the end of the console, 5 of the session, 6 of the system
 *   probe arguments …                      prints what it got, a NUL behind each
 *   probe variable NAME                    prints its value
 *   probe exit STATUS
 *   probe wait FILE STATUS                 makes FILE, waits for an event, half a second more, and ends with STATUS
 *   probe hold                             says that it runs, and does until stdin ends
 */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

/* Words are as they are. */
int _dowildcard = 0;

static HANDLE pressed;

static BOOL WINAPI note(DWORD event) {
    (void)event;
    SetEvent(pressed);
    return TRUE;
}

static void print(const wchar_t *text) {
    static char utf8[1 << 18];
    int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, sizeof utf8, NULL, NULL);
    DWORD written;
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), utf8, length, &written, NULL);
}

/* wine hands only Ctrl-C on by itself. The system starts this function in each program for any event. */
static void tell_programs(DWORD event) {
    LPTHREAD_START_ROUTINE routine = (LPTHREAD_START_ROUTINE)(void *)GetProcAddress(GetModuleHandleW(L"kernelbase"), "CtrlRoutine");
    DWORD programs[64], count = GetConsoleProcessList(programs, 64);
    for (DWORD i = 0; i < count && i < 64; i++) {
        HANDLE program = OpenProcess(PROCESS_ALL_ACCESS, FALSE, programs[i]);
        CreateRemoteThread(program, NULL, 0, routine, (void *)(ULONG_PTR)event, 0, NULL);
    }
}

static BOOL exists(const wchar_t *path) { return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES; }

static int start(int skipped, wchar_t **words, const wchar_t *file, DWORD event) {
    wchar_t *line = wcsstr(GetCommandLineW(), L" -- ") + 4;
    DWORD status = 0;
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    for (; wcscmp(words[skipped], L"--"); skipped++) {
        wchar_t *value = wcschr(words[skipped], L'=');
        *value++ = 0;
        SetEnvironmentVariableW(words[skipped], *value ? value : NULL);
    }
    if (file) {
        /* A new console takes the place of the standard streams. */
        HANDLE streams[] = {GetStdHandle(STD_INPUT_HANDLE), GetStdHandle(STD_OUTPUT_HANDLE), GetStdHandle(STD_ERROR_HANDLE)};
        FreeConsole();
        AllocConsole();
        SetStdHandle(STD_INPUT_HANDLE, streams[0]);
        SetStdHandle(STD_OUTPUT_HANDLE, streams[1]);
        SetStdHandle(STD_ERROR_HANDLE, streams[2]);
        SetConsoleCtrlHandler(note, TRUE);
    }
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) {
        fprintf(stderr, "probe: error %lu at the start of %ls\n", GetLastError(), line);
        return 1;
    }
    if (file) {
        while (!exists(file) && WaitForSingleObject(process.hProcess, 20) == WAIT_TIMEOUT);
        if (event == CTRL_C_EVENT) GenerateConsoleCtrlEvent(event, 0);
        else tell_programs(event);
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    fprintf(stderr, "\nprobe: status %lu", status);
    return 0;
}

int wmain(int count, wchar_t **words) {
    _setmode(_fileno(stderr), _O_BINARY);
    const wchar_t *verb = count > 1 ? words[1] : L"";
    if (!wcscmp(verb, L"start")) return start(2, words, NULL, 0);
    if (!wcscmp(verb, L"press")) return start(4, words, words[2], wcstoul(words[3], NULL, 0));
    if (!wcscmp(verb, L"arguments")) {
        for (int i = 2; i < count; i++) print(words[i]);
        return 0;
    }
    if (!wcscmp(verb, L"variable")) {
        static wchar_t value[1 << 16];
        GetEnvironmentVariableW(words[2], value, 1 << 16);
        print(value);
        return 0;
    }
    if (!wcscmp(verb, L"hold")) {
        print(L"here");
        while (getchar() != EOF);
        return 0;
    }
    if (!wcscmp(verb, L"exit")) ExitProcess(wcstoul(words[2], NULL, 0));
    if (!wcscmp(verb, L"wait")) {
        pressed = CreateEventW(NULL, TRUE, FALSE, NULL);
        SetConsoleCtrlHandler(note, TRUE);
        CloseHandle(CreateFileW(words[2], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
        if (WaitForSingleObject(pressed, 20000) == WAIT_TIMEOUT) return 99;
        Sleep(500);
        ExitProcess(wcstoul(words[3], NULL, 0));
    }
    fprintf(stderr, "probe: what is `%ls`?\n", verb);
    return 98;
}
