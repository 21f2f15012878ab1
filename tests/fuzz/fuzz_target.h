/* fuzz_target.h - what libFuzzer calls, and replay.c in its place: one target an executable. */
#ifndef DVC_TEST_FUZZ_TARGET_H
#define DVC_TEST_FUZZ_TARGET_H

#include "base/slice.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
/* Takes any bytes and returns 0; a broken promise ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the input is. */
#define FUZZ_MUST(held, ...)                                                                       \
    do {                                                                                           \
        if (!(held))                                                                               \
            fuzz_broken(__FILE__, __LINE__, __VA_ARGS__);                                          \
    } while (0)
_Noreturn void fuzz_broken(const char *file, int line, const char *fmt, ...) DVC_PRINTF(3, 4);

#endif
