/* agencies.h - the tree of agencies that take in, handle and give back dossiers, and the tree of
 * post offices, each with the time in which its code is valid. */
#ifndef DVC_CONF_AGENCIES_H
#define DVC_CONF_AGENCIES_H

#include "base/wall.h"

enum agency_level { AGENCY_PROVINCE, AGENCY_DEPARTMENT, AGENCY_COMMUNE, AGENCY_POST_OFFICE };

struct agency {
    const char *code; /* "H24.15.03" */
    const char *name;
    enum agency_level level;
    int parent;               /* index, or -1 */
    int first_child, sibling; /* indexes in the order of codes, or -1 */
    int depth;                /* 0 at a root */
    const char *commune_code; /* of a commune: official code; else NULL */
    const char *calendar;     /* id of its working calendar; NULL: the default one */
    const char *office;       /* post office that serves it, NULL: none named */
    const char **functions;   /* what other agencies turn to it for: police_fire, one_stop, ... */
    size_t function_count;
    const char **predecessors; /* codes of the units it replaced (communes: old commune codes) */
    size_t predecessor_count;
    const char **serves; /* post office: commune codes */
    size_t serve_count;
    day_t from, to;   /* valid on these days and between; DAY_NONE: open */
    bool provisional; /* the code is ours until the official one is published */
    const char *phone, *address;
};

/* Who can be turned to for one thing. */
struct agency_function {
    const char *name;
    int *agencies; /* indexes, in the order of codes */
    size_t count, cap;
};

struct agency_tree {
    struct agency *items; /* in the order of codes (bytewise by part, numbers by value) */
    size_t count;
    struct agency_function *functions;
    size_t function_count, function_cap;
};

/* Compares codes part by part: numbers by value, so that H24.15.100 comes after H24.15.99. */
int agency_code_cmp(struct slice a, struct slice b);
const struct agency *agency_find(const struct agency_tree *tree, struct slice code); /* or NULL */
const struct agency *agency_parent(const struct agency_tree *tree, const struct agency *agency);
const struct agency *agency_first_child(const struct agency_tree *tree,
                                        const struct agency *agency);
const struct agency *agency_next_sibling(const struct agency_tree *tree,
                                         const struct agency *agency);
/* Whether the agency of `code` is that of `ancestor` or below it. False for unknown codes. */
bool agency_under(const struct agency_tree *tree, struct slice code, struct slice ancestor);
bool agency_valid_on(const struct agency *agency, day_t day);
bool agency_has_function(const struct agency *agency, struct slice function);
/* Whether the agency may decide what is written for `level` and, unless NULL, for the agencies that
 * have `function`, of whatever level these are. */
bool agency_decides(const struct agency *agency, enum agency_level level, const char *function);
bool agency_function_known(const struct agency_tree *tree, struct slice function);
/* The agency that serves `function` for `competent`: itself, else the first in the order of codes
 * among its children, then among its siblings, and so on upwards. NULL when there is none. */
const struct agency *agency_for_function(const struct agency_tree *tree, struct slice function,
                                         struct slice competent);
/* The post office whose communes include `commune_code`, or NULL. */
const struct agency *agency_post_office(const struct agency_tree *tree, struct slice commune_code);
/* What the engine asks for (struct setting): the code of the agency that serves `function` for
 * `competent`, where "post_office" is the one that comes to that agency's desk; or NULL. */
const char *agency_serving(const struct agency_tree *tree, const char *function,
                           const char *competent);
const char *
agency_level_code(enum agency_level level); /* province department commune post_office */
/* `^[0-9A-Z]{2,3}(\.[0-9A-Z]{2,3}){0,4}$`, the left part of a dossier's code. */
bool agency_code_ok(struct slice code);

#endif
