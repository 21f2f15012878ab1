/* partyread.h - applicant, owner and receiver as a request names them. */
#ifndef DVC_SERVICE_PARTYREAD_H
#define DVC_SERVICE_PARTYREAD_H

#include "conf/communes.h"
#include "core/dossier.h"
#include "service/fields.h"

/* {kind, name, id_number, phone, email, address, waiver}: each in its stored spelling. */
void party_read(struct fields *fields, const struct commune_list *communes,
                const struct value *map, const char *pointer, bool address_required,
                struct party *ret);
/* {province, commune, line} of the member `address`: the commune must be one of the province's now.
 */
void party_read_address(struct fields *fields, const struct commune_list *communes,
                        const struct value *map, const char *pointer, bool required,
                        const char **ret_province, const char **ret_commune,
                        const char **ret_line);
const char *party_read_phone(struct fields *fields, const struct value *map, const char *pointer,
                             bool required);

#define PARTY_NAME_MAX 200 /* code points */

#endif
