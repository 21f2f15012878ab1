/* expr.h - conditions of plugins: parsed once, evaluated against plain values. */
#ifndef DVC_CORE_EXPR_H
#define DVC_CORE_EXPR_H

#include "base/value.h"

/* Grammar (plugins.md, Words): or | and | not | comparison; == != < <= > >= in; lists ["a", "b"];
 * strings in double quotes; numbers; true false null; paths form.x, case, channel,
 * applicant.kind, applicant.waiver, dossier.delivery.method, dossier.forwarded,
 * documents.<id>.present, fees.due,
 * fees.paid, visits.<step>, clock.used. At most 64 terms, nested at most 16 deep, 1,000 bytes. */
struct expr;

struct expr_error {
    int column;       /* 1-based, in bytes, within the condition's text */
    const char *what; /* Vietnamese: what is wrong, and what was expected */
};

enum { EXPR_E_SYNTAX = 1, EXPR_E_LIMIT };

int expr_parse(struct arena *arena, struct slice text, struct expr **ret,
               struct expr_error *ret_error) DVC_MUSTCHECK;

/* Gives the value of a path, or NULL when it has none. */
typedef const struct value *(*expr_lookup_fn)(void *ctx, struct slice path);
/* A missing value is null; every comparison with null but `== null` and `!= null`, with the word
 * null itself on one side, is false, never an error. A bare path is true when it is boolean true.
 * Numbers compare with numbers and texts with texts, by bytes; others have no order, and are equal
 * to nothing of another kind. `x in form.kinds` asks whether a list holds x. */
bool expr_eval(const struct expr *expr, expr_lookup_fn lookup, void *ctx);
/* Calls fn for each path used: the checker proves that each exists. */
void expr_paths(const struct expr *expr, void (*fn)(void *ctx, struct slice path), void *ctx);
/* The text it was parsed from; lives as long as the condition. */
struct slice expr_text(const struct expr *expr);

#endif
