/* workflow_text.h - what the engine says to people, in Vietnamese, by the code of a refusal or the
 * id of an action that every dossier has. */
#ifndef DVC_CORE_WORKFLOW_TEXT_H
#define DVC_CORE_WORKFLOW_TEXT_H

#include "base/arena.h"

/* The message of a refusal; "{}" in it is replaced by `arg`. Never NULL. */
const char *workflow_refusal_text(struct arena *arena, const char *code, const char *arg);
/* Letters that mark the number of an issued form (HDHS, ...), by form id. */
const char *workflow_form_mark(int form);

#endif
