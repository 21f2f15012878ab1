/* check_literal.h - what a condition compares with can be there: a case that exists, an option of
 * the field, a number where numbers are. A misspelt one is never met, and nobody would notice. */
#ifndef DVC_CONF_CHECK_LITERAL_H
#define DVC_CONF_CHECK_LITERAL_H

#include "core/expr.h"
#include "core/procedure.h"

/* Calls fn for each comparison that can never be met, or never fail, with what is wrong and what
 * was expected (Vietnamese, of `arena`). */
void check_literals(struct arena *arena, const struct procedure *procedure, const struct expr *expr,
                    void (*fn)(void *ctx, const char *what), void *ctx);

#endif
