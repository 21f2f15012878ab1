/* access.h - may this actor do this here? One of the two places where rights are checked; the other
 * is the SQL of each read, and a test holds them together. */
#ifndef DVC_CORE_ACCESS_H
#define DVC_CORE_ACCESS_H

#include "core/dossier.h"

enum account_kind { ACCOUNT_CITIZEN, ACCOUNT_STAFF, ACCOUNT_PORTAL, ACCOUNT_SYSTEM };

struct grant {
    enum role role;
    const char *agency; /* code of an agency or post office */
    bool below;         /* also holds for the agencies under it (auditor, admin) */
};

struct delegated { /* uỷ quyền: in force now, from another account */
    int64_t from;
    enum role role;
    const char *agency;
    const char *procedure; /* NULL: all */
};

/* Who acts: an account with what it holds at this moment, or the daemon itself. */
struct actor {
    int64_t account; /* 0: the daemon, or a carrier */
    enum account_kind kind;
    enum role party; /* ROLE_NONE; ROLE_CLOCK, ROLE_POST, ROLE_PORTAL for the daemon's own acts */
    const char *id_number; /* verified, or NULL */
    const struct grant *grants;
    size_t grant_count;
    const struct delegated *delegations;
    size_t delegation_count;
};

/* `under(ctx, agency, ancestor)`: whether agency is ancestor or below it. */
struct agency_order {
    bool (*under)(void *ctx, const char *agency, const char *ancestor);
    void *ctx;
};

/* By a grant, or by a delegation that is for all procedures. NULL agency: false. */
bool access_holds(const struct actor *actor, enum role role, const char *agency,
                  const struct agency_order *order);
/* The same for the sake of one dossier: delegations for its procedure count too. */
bool access_holds_for(const struct actor *actor, const struct dossier *dossier, enum role role,
                      const char *agency, const struct agency_order *order);
/* The first agency where the actor has the role, by grant or delegation (also one for a single
 * procedure); NULL: nowhere. To know who may come in at all: what it may do there, the others say.
 */
const char *access_desk(const struct actor *actor, enum role role);
/* Administrator somewhere. By a grant: this role is not delegated. */
bool access_is_admin(const struct actor *actor);
/* Whether the actor may see and report of a parcel that lies at post office `office`, of a dossier
 * of `procedure`: the office's operators, and those to whom that was delegated, for one procedure
 * too. It opens no dossier. */
bool access_may_carry(const struct actor *actor, const char *procedure, const char *office,
                      const struct agency_order *order);
/* Filed it (as citizen or portal: what staff enter at the counter is not theirs), owns it, or has
 * the applicant's or owner's verified ID number. */
bool access_is_applicant(const struct actor *actor, const struct dossier *dossier);
/* The applicant; whoever is receiver, officer, unit head, leader, clerk, cashier or auditor at its
 * helping, receiving or competent agency, at the agency of an open task or at one that was ever
 * asked for its opinion; the daemon. Not the post, which sees parcels only, and not the
 * administrator, whose work needs no dossier. */
bool access_may_view(const struct actor *actor, const struct dossier *dossier,
                     const struct agency_order *order);
/* Whether the actor may take `action` of the step that `task` stands on; the applicant's actions
 * may be entered by the receiver at the counter of the receiving or helping agency. *ret_role: in
 * which role it acts. A task with an assignee is that account's, or of one to whom it delegated;
 * parties act through the daemon (ACCOUNT_SYSTEM). Without a task the desk is the receiving
 * agency's for receiver and cashier, else the competent agency's. */
bool access_may_act(const struct actor *actor, const struct dossier *dossier,
                    const struct task *task, const struct action *action,
                    const struct agency_order *order, enum role *ret_role);

#endif
