/* tap.h - a test program's frame: numbered checks in TAP, exit code 1 when one failed. */
#ifndef DVC_TESTS_TAP_H
#define DVC_TESTS_TAP_H

#include <stdbool.h>
#include <stddef.h>

/* One line of TAP. Returns `ok`, so that what depends on it can be left out. */
bool tap_check(bool ok, const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
#define CHECK(cond) tap_check((cond), __FILE__, __LINE__, "%s", #cond)
#define CHECK_SAY(cond, ...) tap_check((cond), __FILE__, __LINE__, __VA_ARGS__)
/* A comment line that says what the next checks are about. */
void tap_about(const char *text);
/* Prints the plan; the exit code of main. */
int tap_end(void);
/* A variable of the environment that the launcher sets; ends the program when it is missing. */
const char *tap_env(const char *name);

#endif
