/* papertext.h - what the printed forms say of agencies and people, as the JSON that papers/job.h
 * reads. It only reads. */
#ifndef DVC_SERVICE_PAPERTEXT_H
#define DVC_SERVICE_PAPERTEXT_H

#include "base/jw.h"
#include "conf/agencies.h"
#include "core/dossier.h"

struct service;

struct paper_heading {
    enum form_id form;
    const char *title;  /* instead of the circular's; NULL: the circular's */
    const char *agency; /* code */
    const char *number; /* or NULL */
    wall_t at;
};

/* "head": with the number and name that the circular in force at that moment gives. */
void papertext_head(struct jw *jw, const struct service *service,
                    const struct paper_heading *heading);
/* The dossier's code, procedure, "submitter" and, when another person, "owner". `masked`: without
 * persons, for an auditor. */
void papertext_dossier(struct jw *jw, struct arena *arena, const struct service *service,
                       const struct dossier *dossier, bool masked);
/* "12 Lạch Tray, Phường Ngô Quyền, Thành phố Hải Phòng"; NULL when nothing is known. */
const char *papertext_address(struct arena *arena, const struct service *service, const char *line,
                              const char *commune, const char *province);
/* How the result goes out, in words; the address where it is sent. */
const char *papertext_delivery(struct arena *arena, const struct service *service,
                               enum delivery delivery, const struct value *delivery_to);
const char *papertext_limit(struct arena *arena, struct limit limit); /* NULL: none */
const struct agency *papertext_agency(const struct service *service, const char *code);

#endif
