/* parcel.h - one parcel (bưu gửi) between a citizen and an agency: where the post has it, and what
 * news of it may still move it. */
#ifndef DVC_CORE_PARCEL_H
#define DVC_CORE_PARCEL_H

#include "base/slice.h"
#include "base/wall.h"

enum parcel_direction { PARCEL_COLLECT, PARCEL_RETURN };
enum parcel_state {
    PARCEL_CREATED,
    PARCEL_ORDERED,
    PARCEL_COLLECTING,
    PARCEL_PICKED_UP,
    PARCEL_HANDED_OVER,
    PARCEL_IN_TRANSIT,
    PARCEL_INVITED_1,
    PARCEL_INVITED_2,
    PARCEL_RETURNING,
    PARCEL_DELIVERED,
    PARCEL_RETURNED_TO_AGENCY,
    PARCEL_COLLECTION_FAILED,
    PARCEL_LOST,
    PARCEL_DAMAGED,
    PARCEL_CANCELLED,
    PARCEL_STATE_COUNT
};

struct parcel_event {
    const char *source_id; /* the carrier's id of the event: the same twice is one */
    wall_t at;
    enum parcel_state state;
    bool moves;            /* false: unknown or late news, kept and shown, moves nothing */
    int status_code;
    const char *place, *note;
};

struct parcel {
    int no;
    enum parcel_direction direction;
    enum parcel_state state;
    const char *order_number; /* dossier code, -R or -C, and from the second on a number */
    const char *item_code;    /* waybill */
    const char *office;       /* post office agency code, NULL unknown */
    wall_t created_at, state_at;
    struct parcel_event *events; /* only those added by this change */
    size_t event_count;
    bool changed;
};

const char *parcel_state_code(enum parcel_state state);
const char *parcel_state_name_vi(enum parcel_state state);
int parcel_state_parse(struct slice code, enum parcel_state *ret) DVC_MUSTCHECK;
/* The same with the words of its direction where the two differ: handed over to whom. */
const char *parcel_name_vi(enum parcel_direction direction, enum parcel_state state);
const char *parcel_direction_code(enum parcel_direction direction);
int parcel_direction_parse(struct slice code, enum parcel_direction *ret) DVC_MUSTCHECK;
/* Whether news of `next` may move a parcel in `state` (glossary, section 4): final states stay,
 * nothing goes back except to returning; a lost or damaged parcel may turn up anywhere on its way;
 * an order is cancelled or fails only while the post has nothing in its hands; the same state again
 * moves nothing. */
bool parcel_may_move(enum parcel_direction direction, enum parcel_state state,
                     enum parcel_state next);
bool parcel_final(enum parcel_direction direction, enum parcel_state state);

#endif
