#include "core/access.h"

#include <string.h>

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static bool grant_reaches(const struct grant *grant, const char *agency,
                          const struct agency_order *order)
{
    if (same(grant->agency, agency))
        return true;
    return grant->below && order != NULL && order->under(order->ctx, agency, grant->agency);
}

static bool granted(const struct actor *actor, enum role role, const char *agency,
                    const struct agency_order *order)
{
    if (agency == NULL)
        return false;
    for (size_t i = 0; i < actor->grant_count; i++) {
        if (actor->grants[i].role == role && grant_reaches(&actor->grants[i], agency, order))
            return true;
    }
    return false;
}

/* `procedure` NULL: only delegations that are for every procedure. `from` 0: from anyone. */
static bool delegated(const struct actor *actor, enum role role, const char *agency,
                      const char *procedure, int64_t from)
{
    for (size_t i = 0; i < actor->delegation_count; i++) {
        const struct delegated *given = &actor->delegations[i];

        if (given->role != role || !same(given->agency, agency))
            continue;
        if (given->procedure != NULL && !same(given->procedure, procedure))
            continue;
        if (from == 0 || given->from == from)
            return true;
    }
    return false;
}

bool access_holds(const struct actor *actor, enum role role, const char *agency,
                  const struct agency_order *order)
{
    return granted(actor, role, agency, order) || delegated(actor, role, agency, NULL, 0);
}

bool access_holds_for(const struct actor *actor, const struct dossier *dossier, enum role role,
                      const char *agency, const struct agency_order *order)
{
    return granted(actor, role, agency, order) ||
           delegated(actor, role, agency, dossier->procedure->code, 0);
}

static const char *granted_at(const struct actor *actor, enum role role)
{
    for (size_t i = 0; i < actor->grant_count; i++)
        if (actor->grants[i].role == role)
            return actor->grants[i].agency;
    return NULL;
}

const char *access_desk(const struct actor *actor, enum role role)
{
    const char *agency = granted_at(actor, role);

    for (size_t i = 0; agency == NULL && i < actor->delegation_count; i++)
        if (actor->delegations[i].role == role)
            agency = actor->delegations[i].agency;
    return agency;
}

bool access_is_admin(const struct actor *actor)
{
    return granted_at(actor, ROLE_ADMIN) != NULL;
}

bool access_may_carry(const struct actor *actor, const char *procedure, const char *office,
                      const struct agency_order *order)
{
    return granted(actor, ROLE_POSTAL, office, order) ||
           delegated(actor, ROLE_POSTAL, office, procedure, 0);
}

bool access_is_applicant(const struct actor *actor, const struct dossier *dossier)
{
    /* What staff enter at the counter is another's: having typed it gives them no right to it. */
    bool files_for_itself = actor->kind == ACCOUNT_CITIZEN || actor->kind == ACCOUNT_PORTAL;

    if (actor->account != 0 && files_for_itself && dossier->filed_by == actor->account)
        return true;
    if (actor->account != 0 && dossier->owner_account == actor->account)
        return true;
    return same(actor->id_number, dossier->applicant.id_number) ||
           (!dossier->owner_is_applicant && same(actor->id_number, dossier->owner.id_number));
}

static bool works_at(const struct actor *actor, const struct dossier *dossier, const char *agency,
                     const struct agency_order *order)
{
    static const enum role roles[] = {ROLE_RECEIVER, ROLE_OFFICER, ROLE_UNIT_HEAD, ROLE_LEADER,
                                      ROLE_CLERK,    ROLE_CASHIER, ROLE_AUDITOR};

    for (size_t i = 0; i < DVC_COUNT(roles); i++) {
        if (access_holds_for(actor, dossier, roles[i], agency, order))
            return true;
    }
    return false;
}

bool access_may_view(const struct actor *actor, const struct dossier *dossier,
                     const struct agency_order *order)
{
    if (actor->kind == ACCOUNT_SYSTEM || access_is_applicant(actor, dossier))
        return true;
    if (works_at(actor, dossier, dossier->agency_competent, order) ||
        works_at(actor, dossier, dossier->agency_receiving, order) ||
        works_at(actor, dossier, dossier->agency_helping, order))
        return true;
    for (size_t i = 0; i < dossier->task_count; i++) {
        if (dossier->tasks[i].state == TASK_OPEN &&
            works_at(actor, dossier, dossier->tasks[i].agency, order))
            return true;
    }
    for (size_t i = 0; i < dossier->asked_count; i++) { /* what they answered stays theirs to see */
        if (works_at(actor, dossier, dossier->asked[i], order))
            return true;
    }
    return false;
}

/* The one-stop desk is that of the receiving agency, wherever the dossier is decided. */
static const char *desk_of(const struct dossier *dossier, const struct task *task, enum role role)
{
    if (task != NULL && task->agency != NULL)
        return task->agency;
    if (role == ROLE_RECEIVER || role == ROLE_CASHIER)
        return dossier->agency_receiving;
    return dossier->agency_competent;
}

static bool at_counter(const struct actor *actor, const struct dossier *dossier,
                       const struct agency_order *order)
{
    return access_holds_for(actor, dossier, ROLE_RECEIVER, dossier->agency_receiving, order) ||
           access_holds_for(actor, dossier, ROLE_RECEIVER, dossier->agency_helping, order);
}

/* A task that someone holds is that person's, or of whom that person delegated to; what the task's
 * step lets another role do is not bound to the holder. */
static bool may_work(const struct actor *actor, const struct dossier *dossier,
                     const struct task *task, enum role role, const struct agency_order *order)
{
    const char *agency = desk_of(dossier, task, role);

    if (!access_holds_for(actor, dossier, role, agency, order))
        return false;
    if (task == NULL || task->assignee == 0 || task->role != role ||
        task->assignee == actor->account)
        return true;
    return delegated(actor, role, agency, dossier->procedure->code, task->assignee);
}

bool access_may_act(const struct actor *actor, const struct dossier *dossier,
                    const struct task *task, const struct action *action,
                    const struct agency_order *order, enum role *ret_role)
{
    enum role role = action->by;
    bool may;

    if (role == ROLE_NONE && task != NULL)
        role = task->role;
    if (role == ROLE_NONE)
        return false;
    if (role == ROLE_APPLICANT) {
        may = access_is_applicant(actor, dossier);
        if (!may && at_counter(actor, dossier, order)) {
            role = ROLE_RECEIVER;
            may = true;
        }
    } else if (role_is_staff(role)) {
        may = may_work(actor, dossier, task, role, order);
    } else {
        may = actor->kind == ACCOUNT_SYSTEM && actor->party == role;
    }
    if (may)
        *ret_role = role;
    return may;
}
