/* code.h - enums and their snake_case words: one table each, read both ways. */
#ifndef DVC_CORE_CODE_H
#define DVC_CORE_CODE_H

#include "base/slice.h"

/* Index of `code` in a table of `count` words, or -1. NULL entries of the table match nothing. */
int code_find(const char *const *codes, size_t count, struct slice code);

#endif
