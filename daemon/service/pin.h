/* pin.h - the look-up PIN (mã tra cứu) of a dossier: derived, never stored. It only reads. */
#ifndef DVC_SERVICE_PIN_H
#define DVC_SERVICE_PIN_H

#include "base/slice.h"

struct service;
#define PIN_SIZE 17

/* As many decimal digits as lookup.pin_digits says, from HMAC-SHA256(server key, code). */
void pin_of(const struct service *service, struct slice code, char out[PIN_SIZE]);
bool pin_matches(const struct service *service, struct slice code, struct slice pin);

#endif
