/* state.h - canonical states of a dossier (glossary, section 3): one table, used by the engine, the
 * figures, the API and, through a test, the CHECK list in sql/. */
#ifndef DVC_CORE_STATE_H
#define DVC_CORE_STATE_H

#include "base/slice.h"

enum dossier_state {
    STATE_DRAFT,
    STATE_AWAITING_COLLECTION,
    STATE_SUBMITTED,
    STATE_INTAKE_PAYMENT,
    STATE_INTAKE_SUPPLEMENT,
    STATE_NOT_ACCEPTED,
    STATE_ACCEPTED,
    STATE_PROCESSING,
    STATE_CONSULTING,
    STATE_LINKED,
    STATE_AWAITING_CONFIRMATION,
    STATE_SUPPLEMENT,
    STATE_SUPPLEMENT_CHECK,
    STATE_PAYMENT,
    STATE_SUSPENDED,
    STATE_SIGNING,
    STATE_ISSUING,
    STATE_WITHDRAWAL_REQUESTED,
    STATE_WITHDRAWN,
    STATE_STOPPED,
    STATE_REFUSED,
    STATE_FINISHED,
    STATE_IN_POST,
    STATE_BACK_AT_DESK,
    STATE_RETURNED,
    STATE_COUNT
};

/* What the legal clock does while the dossier is in a state. */
enum clock_state { CLOCK_NONE, CLOCK_RUNNING, CLOCK_HELD, CLOCK_ENDED };

struct state_info {
    const char *code; /* snake_case, the API's and the database's word */
    const char *name_vi;
    int national; /* 1..10, or 0 = nothing is sent; the default of a configurable table */
    enum clock_state clock;
    bool terminal;
    bool counted; /* is in report II.06a at all */
};

const struct state_info *state_info(enum dossier_state state);
/* 0 or -EINVAL for an unknown code. */
int state_parse(struct slice code, enum dossier_state *ret) DVC_MUSTCHECK;
/* The national status of a dossier: that of its state, and for withdrawal_requested that of the
 * state before the request, which the portal goes on showing. */
int state_national(enum dossier_state state, enum dossier_state before);
const char *national_name_vi(int national);           /* of 1..10, else NULL */
const char *clock_state_code(enum clock_state clock); /* none running held ended */
int clock_state_parse(struct slice code, enum clock_state *ret) DVC_MUSTCHECK;

/* Channels of submission: 1 direct, 2 online, 3 post. */
enum channel { CHANNEL_DIRECT = 1, CHANNEL_ONLINE = 2, CHANNEL_POST = 3 };
#define CHANNEL_SLOTS 4
const char *channel_code(enum channel channel);
const char *channel_name_vi(enum channel channel);
int channel_parse(struct slice code, enum channel *ret) DVC_MUSTCHECK;

enum delivery { DELIVERY_COUNTER, DELIVERY_POST, DELIVERY_ELECTRONIC };
const char *delivery_code(enum delivery delivery);
int delivery_parse(struct slice code, enum delivery *ret) DVC_MUSTCHECK;

/* Printable forms by identifier (glossary, section 2). */
enum form_id {
    FORM_RECEIPT,
    FORM_SUPPLEMENT_REQUEST,
    FORM_REFUSAL,
    FORM_APOLOGY,
    FORM_STOP_NOTICE,
    FORM_CONTROL_SLIP,
    FORM_REGISTER,
    FORM_COUNT
};
const char *form_id_code(enum form_id form);
int form_id_parse(struct slice code, enum form_id *ret) DVC_MUSTCHECK;

#endif
