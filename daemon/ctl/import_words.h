/* import_words.h - what prose of the national record most likely means. Each answer says whether it
 * is sure; what is not is for a person to look at. */
#ifndef DVC_CTL_IMPORT_WORDS_H
#define DVC_CTL_IMPORT_WORDS_H

#include "base/arena.h"
#include "core/limit.h"
#include "core/procedure.h"

/* "15" and "Ngày làm việc", or all of it in one text: "Không quá 15 ngày làm việc kể từ ...". False
 * when no limit can be read; *ret_sure only for a bare number with its unit. */
bool import_limit(struct arena *arena, const char *amount, const char *unit, struct limit *ret,
                  bool *ret_sure);
/* đồng from "75000", "75.000", "75,000 đồng". False when it is no single number. */
bool import_amount(const char *text, int64_t *ret);
/* From the name of the agency that settles; false when it says nothing. */
bool import_authority(struct arena *arena, const char *agency, enum authority *ret);
/* "citizen", "business", "organisation", or NULL. */
const char *import_subject(struct arena *arena, const char *name);
/* An id made of the words of `text`, at most 30 letters, and of `otherwise` when none are left.
 * Made unlike the `count` before it. */
const char *import_id(struct arena *arena, const char *text, const char *otherwise,
                      const char *const *before, size_t count);
/* Words of `text` in any spelling of tones and case: "bản sao" in "Bản Sao chứng thực". */
bool import_has(struct arena *arena, const char *text, const char *folded_words);
/* The number when it is one of 0..max, else -1. */
int import_count(const char *text, int max);

#endif
