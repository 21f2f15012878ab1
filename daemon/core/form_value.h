/* form_value.h - single values of a form in their one normal spelling. The yes/no twins of these
 * rules are in form.h. */
#ifndef DVC_CORE_FORM_VALUE_H
#define DVC_CORE_FORM_VALUE_H

#include "base/slice.h"

#define FORM_CITIZEN_ID_SIZE 13 /* with the terminator */
#define FORM_PHONE_SIZE 12
#define FORM_TAX_CODE_SIZE 15

/* Each writes the value as it is stored and answers whether it is right; `out` is written on
 * success only. People group digits, so blanks, dots and dashes between them are dropped. */

/* 12 digits. Province (or country) of the birth's registration, century and sex, year, serial
 * (Decree 137/2015/NĐ-CP, Art 13); it has no check digit. */
bool form_citizen_id(struct slice text, char out[FORM_CITIZEN_ID_SIZE]);
/* +84, 84 or 0084 in front become 0; then a mobile number of 10 digits (03 05 07 08 09) or a fixed
 * one of 11 (02x). */
bool form_phone(struct slice text, char out[FORM_PHONE_SIZE]);
/* 10 digits with check digit; 13 with a branch, written 0300588569-001; or a citizen id, which is
 * its holder's tax code since 01/07/2025 (Circular 86/2024/TT-BTC). */
bool form_tax_code(struct slice text, char out[FORM_TAX_CODE_SIZE]);

/* Code points, bytes of broken UTF-8 counted as what they look like. */
size_t form_length(struct slice text);
/* At most `max` bytes of it, cut between two code points: for repeating an outsider's word. */
struct slice form_shorten(struct slice text, size_t max);
/* Control characters (line breaks and tabs are none when `lines`), and the marks that turn the
 * direction of writing, with which a name can be made to look like another. */
bool form_has_control(struct slice text, bool lines);

#endif
