#include "conf/agencies.h"

#include "conf_fixture.h"
#include "dvc_test.h"

DVC_TEST(conf_agencies, all_communes_of_the_province_are_there_once)
{
    struct arena *arena = arena_new();
    const struct agency_tree *tree = fixture_agencies(arena);
    const struct commune_list *communes = fixture_communes(arena);
    size_t found = 0, expected = 0;

    for (size_t i = 0; i < tree->count; i++) {
        const struct agency *agency = &tree->items[i];

        cr_assert(i == 0 || agency_code_cmp(slice_str(tree->items[i - 1].code),
                                            slice_str(agency->code)) < 0,
                  "%s out of order or twice", agency->code);
        cr_assert(agency_code_ok(slice_str(agency->code)));
        cr_assert(agency->provisional);
        if (agency->level != AGENCY_COMMUNE)
            continue;
        found++;
        cr_assert(commune_in(communes, slice_str(agency->commune_code), SLICE_LIT("31")));
        DVC_EQ_STR(agency_parent(tree, agency)->code, "H24");
        cr_assert(agency_post_office(tree, slice_str(agency->commune_code)) ==
                  agency_find(tree, slice_str(agency->office)));
    }
    for (size_t i = 0; i < communes->count; i++)
        expected += commune_in(communes, slice_str(communes->items[i].code), SLICE_LIT("31"));
    DVC_EQ_INT(found, 114);
    DVC_EQ_INT(expected, 114);
    DVC_EQ_INT(communes->count, 3321);
    DVC_EQ_INT(communes->province_count, 34);
    arena_free(arena);
}

DVC_TEST(conf_agencies, codes_run_on_after_ninety_nine)
{
    struct arena *arena = arena_new();
    const struct agency_tree *tree = fixture_agencies(arena);
    const struct agency *last = agency_find(tree, SLICE_LIT("H24.15.114"));
    const struct agency *hundredth = agency_find(tree, SLICE_LIT("H24.15.100"));

    cr_assert(last != NULL && hundredth != NULL);
    DVC_EQ_STR(last->name, "Ủy ban nhân dân đặc khu Bạch Long Vĩ");
    DVC_EQ_STR(hundredth[-2].code, "H24.15.99");
    DVC_EQ_STR(hundredth[-1].code, "H24.15.99.01");
    cr_assert(agency_find(tree, SLICE_LIT("H24.15.115")) == NULL);
    cr_assert(agency_find(tree, SLICE_LIT("H24.15")) == NULL);
    arena_free(arena);
}

DVC_TEST(conf_agencies, who_is_under_whom)
{
    struct arena *arena = arena_new();
    const struct agency_tree *tree = fixture_agencies(arena);

    cr_assert(agency_under(tree, SLICE_LIT("H24.15.03"), SLICE_LIT("H24")));
    cr_assert(agency_under(tree, SLICE_LIT("H24"), SLICE_LIT("H24")));
    cr_assert(!agency_under(tree, SLICE_LIT("H24"), SLICE_LIT("H24.15.03")));
    cr_assert(!agency_under(tree, SLICE_LIT("H24.15.03"), SLICE_LIT("H24.15.04")));
    cr_assert(!agency_under(tree, SLICE_LIT("VNP.31.01"), SLICE_LIT("H24")));
    cr_assert(!agency_under(tree, SLICE_LIT("H99"), SLICE_LIT("H24")));
    DVC_EQ_STR(agency_first_child(tree, agency_find(tree, SLICE_LIT("VNP.31")))->code, "VNP.31.01");
    arena_free(arena);
}

DVC_TEST(conf_agencies, consulted_agencies_are_found_from_the_commune)
{
    struct arena *arena = arena_new();
    const struct agency_tree *tree = fixture_agencies(arena);
    struct slice commune = SLICE_LIT("H24.15.03");

    DVC_EQ_STR(agency_for_function(tree, SLICE_LIT("environment"), commune)->name,
               "Sở Nông nghiệp và Môi trường");
    DVC_EQ_STR(agency_for_function(tree, SLICE_LIT("police_fire"), commune)->name,
               "Công an thành phố Hải Phòng");
    DVC_EQ_STR(agency_for_function(tree, SLICE_LIT("civil_status"), commune)->code, "H24.15.03");
    cr_assert(agency_for_function(tree, SLICE_LIT("taxes"), commune) == NULL);
    cr_assert(agency_for_function(tree, SLICE_LIT("justice"), SLICE_LIT("H99")) == NULL);
    arena_free(arena);
}

DVC_TEST(conf_agencies, units_know_what_they_replaced_and_since_when)
{
    struct arena *arena = arena_new();
    const struct agency_tree *tree = fixture_agencies(arena);
    const struct agency *ward = NULL;
    bool found = false;

    for (size_t i = 0; i < tree->count; i++) {
        if (tree->items[i].commune_code != NULL &&
            strcmp(tree->items[i].commune_code, "11407") == 0)
            ward = &tree->items[i];
    }
    cr_assert(ward != NULL);
    for (size_t i = 0; i < ward->predecessor_count; i++)
        found = found || strcmp(ward->predecessors[i], "11401") == 0;
    cr_assert(found, "An Biên lost phường An Dương");
    cr_assert(agency_valid_on(ward, day_from_ymd(2025, 7, 1)));
    cr_assert(!agency_valid_on(ward, day_from_ymd(2025, 6, 30)));
    arena_free(arena);
}

DVC_TEST(conf_agencies, code_forms)
{
    cr_assert(agency_code_ok(SLICE_LIT("H24")));
    cr_assert(agency_code_ok(SLICE_LIT("000.00.06.H56")));
    cr_assert(!agency_code_ok(SLICE_LIT("H24.")));
    cr_assert(!agency_code_ok(SLICE_LIT("H24.1")));
    cr_assert(!agency_code_ok(SLICE_LIT("h24.15")));
    cr_assert(!agency_code_ok(SLICE_LIT("H24.1555")));
    cr_assert(!agency_code_ok(SLICE_LIT("H24.01.01.01.01.01")));
    cr_assert(!agency_code_ok(SLICE_LIT("")));
}
