#include "core/workflow_rights.h"

bool rights_at(struct decision *d, enum role role, const char *agency)
{
    if (!decision_holds(d, role, agency))
        return false;
    d->role = role;
    d->agency = agency;
    return true;
}

bool rights_any(struct decision *d, const enum role *roles, const char *agency)
{
    for (size_t i = 0; roles[i] != ROLE_NONE; i++) {
        if (rights_at(d, roles[i], agency))
            return true;
    }
    return false;
}

bool rights_applicant(struct decision *d)
{
    /* Before the grants: a receiver's own dossier is filed by them as applicant. */
    if (access_is_applicant(d->actor, d->after) && d->actor->kind != ACCOUNT_STAFF) {
        d->role = ROLE_APPLICANT;
        return true;
    }
    return rights_at(d, ROLE_RECEIVER, d->after->agency_receiving) ||
           rights_at(d, ROLE_RECEIVER, d->after->agency_helping) ||
           rights_at(d, ROLE_RECEIVER, d->after->agency_competent);
}

static bool any_role(struct decision *d, const char *agency)
{
    static const enum role roles[] = {ROLE_OFFICER, ROLE_UNIT_HEAD, ROLE_LEADER, ROLE_RECEIVER,
                                      ROLE_CLERK,   ROLE_CASHIER,   ROLE_NONE};

    return rights_any(d, roles, agency);
}

bool rights_staff(struct decision *d)
{
    const struct dossier *after = d->after;

    if (any_role(d, after->agency_competent) || any_role(d, after->agency_receiving) ||
        any_role(d, after->agency_helping))
        return true;
    for (size_t i = 0; i < after->task_count; i++) {
        if (after->tasks[i].state == TASK_OPEN && any_role(d, after->tasks[i].agency))
            return true;
    }
    return false;
}

int rights_forbid(struct decision *d)
{
    return decision_refuse(d, WF_E_FORBIDDEN, "forbidden", "");
}
