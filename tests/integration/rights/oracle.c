/* oracle - what core/access says, for test_rights.py. Reads a world from its input, a line each,
 * words parted by tabs, "-" for none; then answers one line "account code" for every dossier that
 * an account may see, "account place role agency" for every role that it holds, and "account parcel
 * code office" for every parcel that it may carry.
 *
 *   agency    CODE PARENT
 *   account   ID KIND ID_NUMBER
 *   grant     ACCOUNT ROLE AGENCY BELOW             in force now
 *   delegated ACCOUNT FROM ROLE AGENCY PROCEDURE    in force now
 *   dossier   CODE PROCEDURE HELPING RECEIVING COMPETENT FILED_BY OWNER_ACCOUNT ID_NUMBER OWNER_ID
 *   asked     CODE AGENCY      was asked for its opinion, or has an open task
 *   parcel    CODE OFFICE
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/num.h"
#include "core/access.h"

#define MANY 2000
#define WORDS_MAX 12

struct world {
    struct arena *arena;
    struct agency {
        const char *code, *parent;
    } agencies[MANY];
    size_t agency_count;
    struct actor actors[MANY];
    struct grant grants[MANY];
    int64_t grant_of[MANY];
    size_t actor_count, grant_count, delegated_count;
    struct delegated delegations[MANY];
    int64_t delegated_to[MANY];
    struct dossier *dossiers[MANY];
    size_t dossier_count;
    struct parcel_at {
        const struct dossier *dossier;
        const char *office;
    } parcels[MANY];
    size_t parcel_count;
};

static const char *parent_of(const struct world *world, const char *code)
{
    for (size_t i = 0; i < world->agency_count; i++) {
        if (strcmp(world->agencies[i].code, code) == 0)
            return world->agencies[i].parent;
    }
    return NULL;
}

static bool under(void *ctx, const char *agency, const char *ancestor)
{
    for (const char *at = agency; at != NULL; at = parent_of(ctx, at)) {
        if (strcmp(at, ancestor) == 0)
            return true;
    }
    return false;
}

static const char *word(const char *text)
{
    return strcmp(text, "-") == 0 ? NULL : text;
}

static int64_t number(const char *text)
{
    int64_t value = 0;

    DVC_REQUIRE(word(text) == NULL || num_parse_i64(slice_str(text), 0, INT64_MAX, &value) == 0);
    return value;
}

static enum role role(const char *text)
{
    enum role value = ROLE_NONE;

    DVC_REQUIRE(role_parse(slice_str(text), &value) == 0);
    return value;
}

static void take_account(struct world *world, const char *const *words)
{
    static const char *const kinds[] = {"citizen", "staff", "portal", "system"};
    struct actor *actor = &world->actors[world->actor_count++];

    actor->account = number(words[1]);
    actor->id_number = word(words[3]);
    for (size_t i = 0; i < DVC_COUNT(kinds); i++) {
        if (strcmp(words[2], kinds[i]) == 0)
            actor->kind = (enum account_kind)i;
    }
}

static void take_dossier(struct world *world, const char *const *words)
{
    struct dossier *dossier = ARENA_NEW(world->arena, struct dossier);
    struct procedure *procedure = ARENA_NEW(world->arena, struct procedure);

    procedure->code = words[2];
    *dossier = (struct dossier){.code = words[1],
                                .procedure = procedure,
                                .agency_helping = word(words[3]),
                                .agency_receiving = words[4],
                                .agency_competent = words[5],
                                .filed_by = number(words[6]),
                                .owner_account = number(words[7]),
                                .asked = ARENA_ARRAY(world->arena, const char *, 32)};
    dossier->applicant.id_number = word(words[8]);
    dossier->owner.id_number = word(words[9]);
    dossier->owner_is_applicant = word(words[9]) == NULL;
    world->dossiers[world->dossier_count++] = dossier;
}

static void take_asked(struct world *world, const char *const *words)
{
    for (size_t i = 0; i < world->dossier_count; i++) {
        struct dossier *dossier = world->dossiers[i];

        if (strcmp(dossier->code, words[1]) == 0 && dossier->asked_count < 32)
            dossier->asked[dossier->asked_count++] = words[2];
    }
}

static void take_parcel(struct world *world, const char *const *words)
{
    for (size_t i = 0; i < world->dossier_count; i++) {
        if (strcmp(world->dossiers[i]->code, words[1]) == 0)
            world->parcels[world->parcel_count++] =
                (struct parcel_at){world->dossiers[i], words[2]};
    }
}

static void take(struct world *world, const char *const *words)
{
    DVC_REQUIRE(world->agency_count < MANY && world->actor_count < MANY &&
                world->grant_count < MANY && world->delegated_count < MANY &&
                world->dossier_count < MANY && world->parcel_count < MANY);
    if (strcmp(words[0], "agency") == 0) {
        world->agencies[world->agency_count++] = (struct agency){words[1], word(words[2])};
    } else if (strcmp(words[0], "account") == 0) {
        take_account(world, words);
    } else if (strcmp(words[0], "grant") == 0) {
        world->grant_of[world->grant_count] = number(words[1]);
        world->grants[world->grant_count++] =
            (struct grant){role(words[2]), words[3], strcmp(words[4], "1") == 0};
    } else if (strcmp(words[0], "delegated") == 0) {
        world->delegated_to[world->delegated_count] = number(words[1]);
        world->delegations[world->delegated_count++] =
            (struct delegated){number(words[2]), role(words[3]), words[4], word(words[5])};
    } else if (strcmp(words[0], "dossier") == 0) {
        take_dossier(world, words);
    } else if (strcmp(words[0], "parcel") == 0) {
        take_parcel(world, words);
    } else {
        DVC_REQUIRE(strcmp(words[0], "asked") == 0);
        take_asked(world, words);
    }
}

static void answer(struct world *world, struct actor *actor)
{
    struct grant *grants = ARENA_ARRAY(world->arena, struct grant, MANY);
    struct delegated *delegations = ARENA_ARRAY(world->arena, struct delegated, MANY);
    const struct agency_order order = {under, world};

    for (size_t i = 0; i < world->grant_count; i++) {
        if (world->grant_of[i] == actor->account)
            grants[actor->grant_count++] = world->grants[i];
    }
    for (size_t i = 0; i < world->delegated_count; i++) {
        if (world->delegated_to[i] == actor->account)
            delegations[actor->delegation_count++] = world->delegations[i];
    }
    actor->grants = grants;
    actor->delegations = delegations;
    for (size_t i = 0; i < world->dossier_count; i++) {
        if (access_may_view(actor, world->dossiers[i], &order))
            printf("%lld %s\n", (long long)actor->account, world->dossiers[i]->code);
    }
    for (size_t i = 0; i < world->parcel_count; i++) {
        const struct parcel_at *parcel = &world->parcels[i];

        if (access_may_carry(actor, parcel->dossier->procedure->code, parcel->office, &order))
            printf("%lld parcel %s %s\n", (long long)actor->account, parcel->dossier->code,
                   parcel->office);
    }
    for (enum role at = ROLE_RECEIVER; at <= ROLE_ADMIN; at++) {
        for (size_t i = 0; i < world->agency_count; i++) {
            if (access_holds(actor, at, world->agencies[i].code, &order))
                printf("%lld place %s %s\n", (long long)actor->account, role_code(at),
                       world->agencies[i].code);
        }
    }
}

int main(void)
{
    struct world *world = dvc_calloc(1, sizeof(*world));
    char *line = NULL;
    size_t cap = 0;

    world->arena = arena_new();
    while (getline(&line, &cap, stdin) > 0) {
        const char *words[WORDS_MAX] = {0};
        struct slice rest = slice_str(line), part;
        size_t count = 0;

        rest = slice_trim(rest);
        while (count < WORDS_MAX && slice_next(&rest, '\t', &part))
            words[count++] = arena_slice_str(world->arena, part);
        for (size_t i = count; i < WORDS_MAX; i++)
            words[i] = "-";
        take(world, words);
    }
    for (size_t i = 0; i < world->actor_count; i++)
        answer(world, &world->actors[i]);
    free(line);
    arena_free(world->arena);
    free(world);
    return 0;
}
