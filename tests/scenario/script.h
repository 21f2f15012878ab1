/* script.h - reads a scenario file and plays it: format in README.md beside it. */
#ifndef DVC_SCENARIO_SCRIPT_H
#define DVC_SCENARIO_SCRIPT_H

#include "base/arena.h"
#include "core/calendar.h"

struct world;

struct script {
    struct arena *arena;
    const char *root; /* folder that procedure files are named from */
    const char *file;
    const struct calendar_set *calendars;
    const struct calendar *calendar; /* of the agency that decides: vn-default unless said */
    struct world *world;
    struct slice line; /* rest of the line that is being read */
    int number;
    bool refusal_open; /* a refusal that nobody has expected yet */
    char fault[1000];  /* first thing that went wrong, "" none */
};

/* True when the scenario holds; else script->fault says where and why. */
bool script_play(struct script *script, struct slice text);

/* Parts of a line, shared with expectations. */
bool script_word(struct script *script, struct slice *ret); /* false at the end of the line */
void script_fault(struct script *script, const char *fmt, ...) DVC_PRINTF(2, 3);

/* `expect ...`, in expect.c. */
void script_expect(struct script *script);

#endif
