/* conf_fixture.h - the shipped files, for tests of conf/. */
#ifndef DVC_TEST_CONF_FIXTURE_H
#define DVC_TEST_CONF_FIXTURE_H

#include "conf/agencies.h"
#include "conf/communes.h"
#include "core/procedure.h"

/* Below the source tree. */
const char *fixture_path(struct arena *arena, const char *path);
const struct commune_list *fixture_communes(struct arena *arena);
const struct agency_tree *fixture_agencies(struct arena *arena);
/* Fails the test, showing what was told, when there are errors. */
void fixture_no_errors(struct conf_errors *errors);
/* A value from YAML text that must be sound. */
struct value *fixture_yaml(struct arena *arena, const char *text);
/* A shipped procedure's complete tree. */
struct value *fixture_plugin(struct arena *arena, const char *code);
struct procedure *fixture_compile(struct arena *arena, const struct value *tree);

#endif
