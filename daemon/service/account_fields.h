/* account_fields.h - members of an account as people write them, checked and in one spelling. */
#ifndef DVC_SERVICE_ACCOUNT_FIELDS_H
#define DVC_SERVICE_ACCOUNT_FIELDS_H

#include "base/value.h"
#include "service/fields.h"

#define USERNAME_MIN 3
#define USERNAME_MAX 32
#define ACCOUNT_NAME_MAX 100 /* code points */

/* a-z, 0-9 and . _ - between them: 3 to 32, so that no two look alike. */
bool account_username_ok(struct slice text);

/* Each notes its faults under `pointer`/<key>, and gives NULL for what is absent or faulty. */
const char *account_username(struct fields *fields, const struct value *map, const char *key);
/* A person's name: at least one letter, no digits-only and no signs of markup. */
const char *account_name(struct fields *fields, const struct value *map);
const char *account_phone(struct fields *fields, const struct value *map, bool required);
const char *account_email(struct fields *fields, const struct value *map);
const char *account_id_number(struct fields *fields, const struct value *map);
/* {role, agency, below, from, to} as a JSON map of what is right.. */
struct value *account_grant(struct fields *fields, const struct value *map, const char *pointer);
/* A new map with these texts; NULL ones are left out. */
void account_put(struct arena *arena, struct value *map, const char *key, const char *text);

#endif
