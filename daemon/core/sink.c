#include "core/sink.h"

#include "core/state.h"

#include <string.h>

bool sink_event_known(struct slice event)
{
    static const char *const kinds[] = {"due_moved", "parcel_moved", "paid", "result_corrected"};

    for (size_t i = 0; i < DVC_COUNT(kinds); i++) {
        if (slice_is(event, kinds[i]))
            return true;
    }
    for (int i = 0; i < STATE_COUNT; i++) {
        if (slice_is(event, state_info((enum dossier_state)i)->code))
            return true;
    }
    return false;
}

bool sink_wants(const struct sink *sink, const char *event)
{
    for (size_t i = 0; i < sink->event_count; i++) {
        if (strcmp(sink->events[i], event) == 0)
            return true;
    }
    return sink->event_count == 0;
}
