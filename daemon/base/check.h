/* check.h - what every file needs: attributes, and the only two ways to answer the impossible. */
#ifndef DVC_BASE_CHECK_H
#define DVC_BASE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DVC_MUSTCHECK __attribute__((warn_unused_result))
#define DVC_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define DVC_CLEANUP(fn) __attribute__((cleanup(fn)))

/* 1 when the address sanitizer watches: gcc says it by a macro, clang by a feature. */
#ifdef __SANITIZE_ADDRESS__
#define DVC_ASAN 1
#elif defined(__has_feature)
#define DVC_ASAN __has_feature(address_sanitizer)
#else
#define DVC_ASAN 0
#endif

#define DVC_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Stops the process with SIGABRT: for corrupt memory, exhausted memory and states that no input can
 * reach. Never for anything that came from outside: a worker that stops is started again, but
 * whoever can make it stop at will has a weapon. */
#define DVC_REQUIRE(cond) ((cond) ? (void)0 : dvc_require_failed(#cond, __FILE__, __LINE__))

__attribute__((noreturn)) void dvc_require_failed(const char *cond, const char *file, int line);

/* malloc family that never returns NULL (DVC_REQUIRE on exhaustion). All sizes that outsiders
 * influence are bounded by a limit before they get here. */
void *dvc_malloc(size_t size) __attribute__((malloc, returns_nonnull));
void *dvc_calloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *dvc_realloc(void *ptr, size_t size) __attribute__((returns_nonnull));
char *dvc_strdup(const char *text) __attribute__((malloc, returns_nonnull));

#endif
