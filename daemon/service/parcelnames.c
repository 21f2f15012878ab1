#include "service/parcelnames.h"

#include "base/jw.h"
#include "core/dossier.h"

struct db_param parcelnames(struct arena *arena)
{
    static const enum parcel_direction directions[] = {PARCEL_COLLECT, PARCEL_RETURN};
    struct buf buf = BUF_INIT(16384);
    struct jw jw = JW_INIT(&buf);
    const char *text;

    jw_object(&jw);
    for (size_t i = 0; i < DVC_COUNT(directions); i++)
        for (int state = 0; state < PARCEL_STATE_COUNT; state++)
            jw_kv_str(&jw,
                      arena_printf(arena, "%s/%s", parcel_direction_code(directions[i]),
                                   parcel_state_code((enum parcel_state)state)),
                      parcel_name_vi(directions[i], (enum parcel_state)state));
    jw_end_object(&jw);
    text = arena_slice_str(arena, buf_slice(&buf));
    buf_release(&buf);
    return db_str(text);
}
