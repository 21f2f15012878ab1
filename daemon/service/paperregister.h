/* paperregister.h - what speaks of many dossiers, the register (sổ theo dõi hồ sơ) and the
 * hand-over record (biên bản giao nhận), as the JSON that papers/job.h prints. It only reads. */
#ifndef DVC_SERVICE_PAPERREGISTER_H
#define DVC_SERVICE_PAPERREGISTER_H

#include "base/value.h"
#include "base/wall.h"

struct service;

struct paper_register {
    const char *agency, *procedure; /* codes; procedure NULL: all */
    day_t from, to;
};

/* `rows` as register_rows gives them. */
void paperregister_write(struct buf *out, struct arena *arena, const struct service *service,
                         const struct paper_register *book, const struct value *rows, wall_t at);
/* A hand-over record (biên bản giao nhận) as handover_paper gives it. */
void paperregister_handover(struct buf *out, struct arena *arena, const struct service *service,
                            const struct value *record);
/* {code: Vietnamese name} of all states and ways of delivery, for register_rows. */
const char *paperregister_states(struct arena *arena);
const char *paperregister_deliveries(struct arena *arena);

#endif
