/* national_record.h - a procedure as the national portal's LayThuTuc gives it: read with care,
 * since it comes from outside and people filled it in for people. */
#ifndef DVC_CTL_NATIONAL_RECORD_H
#define DVC_CTL_NATIONAL_RECORD_H

#include "conf/errors.h"
#include "core/limit.h"
#include "core/state.h"

#define RECORD_BYTES_MAX (4u << 20)
#define RECORD_LIST_MAX 200 /* items of one list */
#define RECORD_TIMES_MAX 20 /* of one channel */

/* All texts: NFC, without HTML, in one line; "" where the record has nothing. */
struct record_fee {
    const char *code, *amount, *unit, *text;
    enum channel channel;
};

struct record_time {
    const char *amount, *unit, *text;
};

struct record_channel {
    bool open;
    struct record_time times[RECORD_TIMES_MAX];
    size_t count;
};

struct record_paper {
    const char *code, *name, *form, *url, *case_name;
    const char *originals, *copies; /* how many, where the record says it */
};

struct record_pair { /* code and name of a result, number and title of a law */
    const char *code, *name;
};

struct national_record {
    const char *code; /* MATTHC as it stands */
    const char *name, *requirements, *described;
    const char **fields, **subjects, **agencies, **steps;
    size_t field_count, subject_count, agency_count, step_count;
    struct record_channel channels[CHANNEL_SLOTS];
    struct record_fee *fees;
    struct record_paper *papers;
    struct record_pair *results, *laws;
    size_t fee_count, paper_count, result_count, law_count;
};

/* The record itself, or inside of {"result": ...} or a list of one. Members of a wrong kind and
 * lists that are too long are errors that name the member; what is missing is left empty. 0 or
 * CONF_E_BAD. */
int national_record_read(struct arena *arena, const char *file, struct slice text,
                         struct conf_errors *errors, struct national_record *ret) DVC_MUSTCHECK;

#endif
