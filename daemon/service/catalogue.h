/* catalogue.h - what anyone may read: procedures and agencies. Answers at once, from memory. */
#ifndef DVC_SERVICE_CATALOGUE_H
#define DVC_SERVICE_CATALOGUE_H

#include "service/answer.h"

struct service;

/* `q` matches code and name without marks and case; `field` the field's name; `agency` a competent
 * agency. Empty slices do not filter. Answers {items, total, next}: total is of all pages. */
struct procedure_filter {
    struct slice q, field, agency;
    int limit;
    struct slice token;
};
void catalogue_procedures(struct service *service, const struct procedure_filter *filter,
                          answer_fn answer, void *ctx);
/* {items: [{name, procedures}]}: each field (lĩnh vực) of the procedures in force and how many it
 * has, by name. */
void catalogue_fields(struct service *service, answer_fn answer, void *ctx);
/* One procedure in the version in force today, with its form as JSON Schema. */
void catalogue_procedure(struct service *service, struct slice code, answer_fn answer, void *ctx);
void catalogue_agencies(struct service *service, answer_fn answer, void *ctx);

#endif
