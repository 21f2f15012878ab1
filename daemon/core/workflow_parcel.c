#include "core/workflow_parcel.h"

void workflow_tell_parcel(struct decision *d, const struct parcel *parcel, const char *news,
                          bool moved)
{
    struct jw *told = decision_note(d, &d->draft.parcels);

    jw_kv_int(told, "no", parcel->no);
    jw_kv_str(told, "direction", parcel_direction_code(parcel->direction));
    jw_kv_str(told, "state", parcel_state_code(parcel->state));
    if (news != NULL)
        jw_kv_str(told, "news", news);
    jw_kv_bool(told, "moved", moved);
    jw_end_object(told);
}

static const char *order_number(struct decision *d, enum parcel_direction direction)
{
    const struct dossier *after = d->after;
    struct buf number = decision_text(d);
    int count = 1;

    for (size_t i = 0; i < after->parcel_count; i++)
        count += after->parcels[i].direction == direction;
    buf_adds(&number, after->code != NULL ? after->code : "");
    buf_adds(&number, direction == PARCEL_RETURN ? "-R" : "-C");
    if (count > 1)
        buf_add_i64(&number, count);
    return number.ptr;
}

static void send_order(struct decision *d, const struct parcel *parcel)
{
    struct outbox_row row = {.channel = "vnpost", .topic = "order"};
    struct buf body = decision_text(d);
    struct jw jw = JW_INIT(&body);

    workflow_tell_parcel(d, parcel, NULL, true);
    jw_object(&jw);
    jw_kv_int(&jw, "parcel", parcel->no);
    jw_kv_str(&jw, "direction", parcel_direction_code(parcel->direction));
    if (d->after->code != NULL) {
        jw_kv_str(&jw, "order_number", parcel->order_number);
        row.key = parcel->order_number;
    }
    jw_end_object(&jw);
    row.body = buf_slice(&body);
    outcome_outbox(d->arena, d->outcome, &row);
}

/* The post office that comes to the desk, whose people see the parcel. */
static const char *office_of(struct decision *d)
{
    const struct setting *setting = d->setting;

    if (setting->agency_for == NULL)
        return NULL;
    return arena_str(d->arena,
                     setting->agency_for(setting->agency_ctx, "post_office", decision_desk(d)));
}

bool workflow_parcel_active(const struct dossier *dossier, enum parcel_direction direction)
{
    for (size_t i = 0; i < dossier->parcel_count; i++) {
        if (dossier->parcels[i].direction == direction &&
            !parcel_final(direction, dossier->parcels[i].state))
            return true;
    }
    return false;
}

int workflow_order_parcel(struct decision *d, enum parcel_direction direction)
{
    struct dossier *after = d->after;
    bool allowed =
        direction == PARCEL_COLLECT ? d->procedure->postal_collect : d->procedure->postal_return;
    const char *number;

    if (!allowed)
        return decision_refuse(d, WF_E_REFUSED, "postal_not_allowed", "/delivery/method");
    if (workflow_parcel_active(after, direction))
        return decision_refuse(d, WF_E_REFUSED, "parcel_active", "/action");
    number = order_number(d, direction);
    after->parcels = arena_grow(d->arena, after->parcels, after->parcel_count, &after->parcel_cap,
                                sizeof(*after->parcels));
    after->parcels[after->parcel_count++] = (struct parcel){
        .no = decision_next_no(d),
        .direction = direction,
        .state = PARCEL_CREATED,
        .order_number = number,
        .office = office_of(d),
        .created_at = d->at,
        .state_at = d->at,
        .changed = true,
    };
    send_order(d, &after->parcels[after->parcel_count - 1]);
    return 0;
}

static void cancel_order(struct decision *d, struct parcel *parcel)
{
    struct outbox_row row = {.channel = "vnpost", .topic = "cancel"};
    struct buf body = decision_text(d);
    struct jw jw = JW_INIT(&body);

    parcel->state = PARCEL_CANCELLED;
    parcel->state_at = d->at;
    parcel->changed = true;
    jw_object(&jw);
    jw_kv_int(&jw, "parcel", parcel->no);
    jw_kv_str(&jw, "order_number", parcel->order_number);
    jw_end_object(&jw);
    row.body = buf_slice(&body);
    row.key = arena_printf(d->arena, "%s-cancel", parcel->order_number);
    outcome_outbox(d->arena, d->outcome, &row);
    workflow_tell_parcel(d, parcel, NULL, true);
}

void workflow_cancel_parcels(struct decision *d)
{
    for (size_t i = 0; i < d->after->parcel_count; i++) {
        struct parcel *parcel = &d->after->parcels[i];

        if (parcel->state == PARCEL_CREATED || parcel->state == PARCEL_ORDERED)
            cancel_order(d, parcel);
    }
}

void workflow_retrieve_parcels(struct decision *d)
{
    workflow_cancel_parcels(d);
    for (size_t i = 0; i < d->after->parcel_count; i++) {
        struct parcel *parcel = &d->after->parcels[i];

        if (parcel->direction != PARCEL_RETURN || parcel_final(PARCEL_RETURN, parcel->state))
            continue;
        parcel->state = PARCEL_RETURNED_TO_AGENCY;
        parcel->state_at = d->at;
        parcel->changed = true;
        workflow_tell_parcel(d, parcel, NULL, true);
    }
}
