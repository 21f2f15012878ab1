#include "core/access.h"

#include "dvc_test.h"

#define WARD "H24.15.03"
#define CITY "H24"
#define FIRE "H24.99"

/* Codes are paths here: an agency is below those whose code it begins with. */
static bool under(void *ctx, const char *agency, const char *ancestor)
{
    size_t len = strlen(ancestor);

    (void)ctx;
    return strncmp(agency, ancestor, len) == 0 && (agency[len] == '\0' || agency[len] == '.');
}

static const struct agency_order order = {under, NULL};

enum { CITIZEN = 1, RECEIVER, OFFICER, COLLEAGUE, HEAD, PORTAL };

static struct procedure procedure = {.code = "1.013225"};

static struct dossier ward_dossier(struct task *task)
{
    struct dossier dossier = {.procedure = &procedure,
                              .agency_helping = "H24.16.01",
                              .agency_receiving = WARD,
                              .agency_competent = WARD,
                              .filed_by = CITIZEN,
                              .owner_is_applicant = true,
                              .applicant = {.id_number = "031085001234"}};

    *task = (struct task){.no = 1, .state = TASK_OPEN, .role = ROLE_OFFICER, .agency = WARD};
    dossier.tasks = task;
    dossier.task_count = 1;
    return dossier;
}

static struct actor staff(int64_t account, const struct grant *grant)
{
    return (struct actor){
        .account = account, .kind = ACCOUNT_STAFF, .grants = grant, .grant_count = 1};
}

static const struct grant officer_here = {ROLE_OFFICER, WARD, false};
static const struct grant receiver_here = {ROLE_RECEIVER, WARD, false};
static const struct grant head_here = {ROLE_UNIT_HEAD, WARD, false};

DVC_TEST(access, who_comes_in_at_all)
{
    static const struct grant both[] = {{ROLE_OFFICER, CITY, false}, {ROLE_RECEIVER, WARD, false}};
    static const struct grant admin = {ROLE_ADMIN, CITY, true};
    static const struct delegated given[] = {{HEAD, ROLE_ADMIN, CITY, NULL},
                                             {HEAD, ROLE_RECEIVER, FIRE, "1.013225"}};
    struct actor receiver = staff(RECEIVER, both), helper = staff(COLLEAGUE, &officer_here);
    struct actor citizen = {.account = CITIZEN, .kind = ACCOUNT_CITIZEN};
    struct actor administrator = staff(9, &admin);

    receiver.grant_count = 2;
    helper.delegations = given;
    helper.delegation_count = 2;
    DVC_EQ_STR(access_desk(&receiver, ROLE_RECEIVER), WARD);
    DVC_EQ_STR(access_desk(&helper, ROLE_RECEIVER), FIRE);
    cr_assert(access_desk(&helper, ROLE_LEADER) == NULL);
    cr_assert(access_desk(&citizen, ROLE_RECEIVER) == NULL);
    cr_assert(access_is_admin(&administrator));
    cr_assert(!access_is_admin(&helper), "this role is not delegated");
}

DVC_TEST(access, a_role_holds_at_its_agency)
{
    static const struct grant below = {ROLE_AUDITOR, CITY, true};
    static const struct grant city_only = {ROLE_OFFICER, CITY, false};
    struct actor officer = staff(OFFICER, &officer_here), auditor = staff(9, &below);
    struct actor city = staff(8, &city_only);

    cr_assert(access_holds(&officer, ROLE_OFFICER, WARD, &order));
    cr_assert(!access_holds(&officer, ROLE_LEADER, WARD, &order));
    cr_assert(!access_holds(&officer, ROLE_OFFICER, "H24.15", &order));
    cr_assert(!access_holds(&officer, ROLE_OFFICER, "H24.15.031", &order));
    cr_assert(!access_holds(&officer, ROLE_OFFICER, NULL, &order));
    cr_assert(access_holds(&auditor, ROLE_AUDITOR, WARD, &order));
    cr_assert(!access_holds(&auditor, ROLE_OFFICER, WARD, &order));
    cr_assert(!access_holds(&city, ROLE_OFFICER, WARD, &order));
}

DVC_TEST(access, who_is_the_applicant)
{
    struct task task;
    struct dossier dossier = ward_dossier(&task);
    struct actor citizen = {.account = CITIZEN, .kind = ACCOUNT_CITIZEN};
    struct actor same_person = {
        .account = 77, .kind = ACCOUNT_CITIZEN, .id_number = "031085001234"};
    struct actor other = {.account = 78, .kind = ACCOUNT_CITIZEN, .id_number = "031085009999"};
    struct actor nobody = {.account = 0, .kind = ACCOUNT_CITIZEN};
    struct actor receiver = staff(RECEIVER, &receiver_here);

    cr_assert(access_is_applicant(&citizen, &dossier));
    cr_assert(access_is_applicant(&same_person, &dossier));
    cr_assert(!access_is_applicant(&other, &dossier));
    dossier.owner_account = 78;
    cr_assert(access_is_applicant(&other, &dossier));
    dossier.owner_account = 0;
    dossier.filed_by = 0;
    cr_assert(!access_is_applicant(&nobody, &dossier));
    dossier.applicant.id_number = NULL;
    cr_assert(!access_is_applicant(&other, &dossier));
    dossier.filed_by = RECEIVER;
    cr_assert(!access_is_applicant(&receiver, &dossier));
    dossier.filed_by = PORTAL;
    cr_assert(
        access_is_applicant(&(struct actor){.account = PORTAL, .kind = ACCOUNT_PORTAL}, &dossier));
    dossier.owner.id_number = "031085009999";
    cr_assert(!access_is_applicant(&other, &dossier)); /* the owner is the applicant */
    dossier.owner_is_applicant = false;
    cr_assert(access_is_applicant(&other, &dossier));
}

DVC_TEST(access, who_may_view)
{
    static const struct grant elsewhere = {ROLE_OFFICER, "H24.15.04", false};
    static const struct grant fire = {ROLE_OFFICER, FIRE, false};
    static const struct grant postman = {ROLE_POSTAL, WARD, false};
    static const struct grant admin = {ROLE_ADMIN, CITY, true};
    static const struct grant helper = {ROLE_RECEIVER, "H24.16.01", false};
    struct task task;
    struct dossier dossier = ward_dossier(&task);
    struct actor actor = staff(OFFICER, &officer_here);

    cr_assert(access_may_view(&actor, &dossier, &order));
    actor.grants = &helper;
    cr_assert(access_may_view(&actor, &dossier, &order));
    actor.grants = &elsewhere;
    cr_assert(!access_may_view(&actor, &dossier, &order));
    actor.grants = &postman;
    cr_assert(!access_may_view(&actor, &dossier, &order));
    actor.grants = &admin;
    cr_assert(!access_may_view(&actor, &dossier, &order));
    actor.grants = &fire;
    cr_assert(!access_may_view(&actor, &dossier, &order));
    task.agency = FIRE; /* asked for its opinion, for as long as it is asked */
    cr_assert(access_may_view(&actor, &dossier, &order));
    task.state = TASK_DONE;
    cr_assert(!access_may_view(&actor, &dossier, &order));
    cr_assert(access_may_view(&(struct actor){.kind = ACCOUNT_SYSTEM}, &dossier, &order));
}

DVC_TEST(access, a_task_is_its_holders)
{
    static const struct action submit = {.id = "submit"};
    struct task task;
    struct dossier dossier = ward_dossier(&task);
    struct actor officer = staff(OFFICER, &officer_here),
                 colleague = staff(COLLEAGUE, &officer_here);
    struct actor head = staff(HEAD, &head_here);
    enum role role = ROLE_NONE;

    cr_assert(access_may_act(&colleague, &dossier, &task, &submit, &order, &role));
    DVC_EQ_INT(role, ROLE_OFFICER);
    task.assignee = OFFICER;
    cr_assert(access_may_act(&officer, &dossier, &task, &submit, &order, &role));
    role = ROLE_NONE;
    cr_assert(!access_may_act(&colleague, &dossier, &task, &submit, &order, &role));
    cr_assert(!access_may_act(&head, &dossier, &task, &submit, &order, &role));
    DVC_EQ_INT(role, ROLE_NONE);
}

DVC_TEST(access, delegation)
{
    static const struct action submit = {.id = "submit"};
    struct delegated given = {OFFICER, ROLE_OFFICER, WARD, NULL};
    struct task task;
    struct dossier dossier = ward_dossier(&task);
    struct actor deputy = {
        .account = COLLEAGUE, .kind = ACCOUNT_STAFF, .delegations = &given, .delegation_count = 1};
    enum role role;

    task.assignee = OFFICER;
    cr_assert(access_may_act(&deputy, &dossier, &task, &submit, &order, &role));
    given.procedure = "1.013225";
    cr_assert(access_may_act(&deputy, &dossier, &task, &submit, &order, &role));
    cr_assert(!access_holds(&deputy, ROLE_OFFICER, WARD, &order)); /* not for everything */
    given.procedure = "1.001193";
    cr_assert(!access_may_act(&deputy, &dossier, &task, &submit, &order, &role));
    given.procedure = NULL;
    given.from = HEAD;
    cr_assert(!access_may_act(&deputy, &dossier, &task, &submit, &order, &role));
    task.assignee = 0;
    cr_assert(access_may_act(&deputy, &dossier, &task, &submit, &order, &role));
}

DVC_TEST(access, the_counter_enters_for_the_applicant)
{
    static const struct action resubmit = {.id = "resubmit", .by = ROLE_APPLICANT};
    struct task task;
    struct dossier dossier = ward_dossier(&task);
    struct actor citizen = {.account = CITIZEN, .kind = ACCOUNT_CITIZEN};
    struct actor receiver = staff(RECEIVER, &receiver_here),
                 officer = staff(OFFICER, &officer_here);
    enum role role;

    task.role = ROLE_NONE;
    task.agency = NULL;
    cr_assert(access_may_act(&citizen, &dossier, &task, &resubmit, &order, &role));
    DVC_EQ_INT(role, ROLE_APPLICANT);
    cr_assert(access_may_act(&receiver, &dossier, &task, &resubmit, &order, &role));
    DVC_EQ_INT(role, ROLE_RECEIVER);
    cr_assert(!access_may_act(&officer, &dossier, &task, &resubmit, &order, &role));
}

DVC_TEST(access, parties_come_through_the_daemon_only)
{
    static const struct action delivered = {.id = "delivered", .by = ROLE_POST};
    static const struct grant forged = {ROLE_POST, WARD, false};
    struct task task;
    struct dossier dossier = ward_dossier(&task);
    struct actor courier = {.kind = ACCOUNT_SYSTEM, .party = ROLE_POST};
    struct actor clock = {.kind = ACCOUNT_SYSTEM, .party = ROLE_CLOCK};
    struct actor person = staff(OFFICER, &forged);
    enum role role;

    person.party = ROLE_POST;
    cr_assert(access_may_act(&courier, &dossier, &task, &delivered, &order, &role));
    cr_assert(!access_may_act(&clock, &dossier, &task, &delivered, &order, &role));
    cr_assert(!access_may_act(&person, &dossier, &task, &delivered, &order, &role));
}

/* Without a task, the receiver of the receiving agency and the officer of the competent one. */
DVC_TEST(access, acts_on_the_dossier_itself)
{
    static const struct action note = {.id = "pay", .by = ROLE_RECEIVER};
    static const struct action stop = {.id = "stop", .by = ROLE_OFFICER};
    static const struct grant city_officer = {ROLE_OFFICER, CITY, false};
    struct task task;
    struct dossier dossier = ward_dossier(&task);
    struct actor receiver = staff(RECEIVER, &receiver_here),
                 officer = staff(OFFICER, &officer_here);
    struct actor city = staff(8, &city_officer);
    enum role role;

    dossier.agency_competent = CITY;
    cr_assert(access_may_act(&receiver, &dossier, NULL, &note, &order, &role));
    cr_assert(access_may_act(&city, &dossier, NULL, &stop, &order, &role));
    cr_assert(!access_may_act(&officer, &dossier, NULL, &stop, &order, &role));
    cr_assert(
        !access_may_act(&officer, &dossier, NULL, &(struct action){.id = "x"}, &order, &role));
}
