/* flowview.h - a workflow as a picture is drawn from it (core/flowgraph.h), as JSON: of a
 * procedure, and of a dossier in its own version with where it stands and where it was. */
#ifndef DVC_SERVICE_FLOWVIEW_H
#define DVC_SERVICE_FLOWVIEW_H

#include "base/jw.h"
#include "core/flowgraph.h"
#include "service/answer.h"

struct service;
struct member;

/* The member workflow of a procedure that anyone may read: {nodes: [{id, name, kind, role, main,
 * rank, column}], edges: [{from, to, kind, main, back}]}, nodes in the order of the picture. What
 * is done inside the office (actions, conditions, limits of steps) is not in it. */
void flowview_public(struct jw *jw, const struct procedure *procedure);

/* All of it, for staff: of one version, or with `version` empty of that in force today. A node has
 * also {role_name, agency, limits: {channel: limit}, limit_text, join: all, first or null}, an edge
 * {action, name, by, by_name, when (Vietnamese), automatic, after, consent, parallel, join,
 * previous, opens: [{as, procedure}]}. */
void flowview_procedure(struct service *service, struct slice code, struct slice version,
                        answer_fn answer, void *ctx);
/* The same of the version that a dossier is of, for who may view it; nodes have also {here,
 * visits}. */
void flowview_dossier(struct service *service, struct member *who, struct slice code,
                      answer_fn answer, void *ctx);

#endif
