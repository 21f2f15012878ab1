/* form_schema.h - a procedure's form as JSON Schema, for clients that ask before they send. */
#ifndef DVC_CORE_FORM_SCHEMA_H
#define DVC_CORE_FORM_SCHEMA_H

#include "core/procedure.h"

/* JSON Schema (2020-12) of the form. Conditions over form.* become if/then; every condition is also
 * there as text in x-required-if and x-show-if, for what lies outside the form. */
void form_schema(struct buf *buf, const struct procedure *procedure);

#endif
