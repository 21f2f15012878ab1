/* dvc_test.h - the one way to write a unit test: DVC_TEST(suite, name) { ... }
 *
 * Criterion 2.4.1 reports a test that leaks as passed, because LeakSanitizer speaks up only after
 * the test's process gave its verdict. So the check runs as the last step of the test itself. */
#ifndef DVC_TEST_H
#define DVC_TEST_H

#include "base/slice.h"

#include <criterion/criterion.h>
#include <string.h>

#if DVC_ASAN
#include <sanitizer/lsan_interface.h>
#define DVC_LEAK_CHECK() cr_assert(__lsan_do_recoverable_leak_check() == 0, "memory leaked")
#else
#define DVC_LEAK_CHECK() ((void)0)
#endif

/* Further arguments are Criterion's, e.g. DVC_TEST(arena, too_large, .signal = SIGABRT). The body
 * is a function of its own, so that its locals no longer point at what it forgot to free. */
#define DVC_TEST(suite, name, ...)                                                                 \
    static __attribute__((noinline)) void dvc_body_##suite##_##name(void);                         \
    Test(suite, name, ##__VA_ARGS__)                                                               \
    {                                                                                              \
        dvc_body_##suite##_##name();                                                               \
        DVC_LEAK_CHECK();                                                                          \
    }                                                                                              \
    static void dvc_body_##suite##_##name(void)

/* Say what was there instead. */
#define DVC_EQ_STR(actual, expected)                                                               \
    do {                                                                                           \
        const char *dvc_a = (actual), *dvc_e = (expected);                                         \
        cr_assert(dvc_a != NULL && strcmp(dvc_a, dvc_e) == 0, "%s is \"%s\", expected \"%s\"",     \
                  #actual, dvc_a != NULL ? dvc_a : "(null)", dvc_e);                               \
    } while (0)
#define DVC_EQ_SLICE(actual, expected)                                                             \
    do {                                                                                           \
        struct slice dvc_a = (actual);                                                             \
        const char *dvc_e = (expected);                                                            \
        cr_assert(slice_is(dvc_a, dvc_e), "%s is \"%.*s\", expected \"%s\"", #actual,              \
                  (int)dvc_a.len, dvc_a.ptr != NULL ? dvc_a.ptr : "", dvc_e);                      \
    } while (0)
#define DVC_EQ_INT(actual, expected)                                                               \
    do {                                                                                           \
        long long dvc_a = (long long)(actual), dvc_e = (long long)(expected);                      \
        cr_assert(dvc_a == dvc_e, "%s is %lld, expected %lld", #actual, dvc_a, dvc_e);             \
    } while (0)

#endif
