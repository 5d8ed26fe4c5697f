/* One incident and the outbox: it opens, ends, reopens and ends again, owing a message to each of two endpoints every
   time. Two workers claim under a lease with a fencing number; a worker may die between the remote's yes and its own
   commit, or be so slow that its lease ends; one endpoint may refuse for good or for now, the other
   takes all; a message may be held.

   Checked: I3 (an end only where its beginning was accepted), I5 (accepted once, and once more for each crash or lost
   lease), I6 (first acceptances in order), that what has ended never begins again, and that everything ends.

   Each guard can be taken out, to see that the checker finds what it is for:
     NO_ORDER    messages of one lane may overtake each other
     NO_RULE_R   an end is sent whatever became of its beginning
     NO_FENCE    a worker that lost its claim may still write
     NO_LEASE    what a dead worker had claimed stays claimed
     NO_GIVE_UP  a message is tried for ever                                                                          */

#define ENDPOINTS 2
#define ROWS 4 /* 0 first, 1 resolved, 2 reopened, 3 resolved */
#ifndef EVENTS
#define EVENTS 3 /* of these */
#endif
#ifndef MISHAPS
#define MISHAPS 1 /* crashes, lost leases and holds */
#endif
#define TRIES 2

#define none 0
#define ready 1
#define claimed 2
#define sent 3
#define dead 4
#define cancelled 5
#define pending(e, k) (row[(e) * ROWS + (k)].state == ready || row[(e) * ROWS + (k)].state == claimed)
#define is_end(k) ((k) % 2 == 1)

typedef Row {
  byte state;
  byte claim_no;
  byte tries;
  byte accepted;
  byte excuses; /* crashes and lost leases while it was claimed */
  bit abandoned /* its worker is dead or too slow: the lease runs out */
}
Row row[8];

byte owed = 0;              /* transitions of the incident so far */
bit knows[ENDPOINTS];       /* its reader believes that it goes on */
byte next_new[ENDPOINTS];   /* first acceptances come in this order */
byte mishaps = 0;

#define ended(i) (row[i].state >= sent || row[i].state == none)
#define all_ended (owed == EVENTS && ended(0) && ended(1) && ended(2) && ended(3) && ended(4) && ended(5) && ended(6) && ended(7))

#ifdef NO_ORDER
#define first_of_lane(e, k) true
#else
#define first_of_lane(e, k) \
  (((k) < 1 || !pending(e, 0)) && ((k) < 2 || !pending(e, 1)) && ((k) < 3 || !pending(e, 2)))
#endif

#ifdef NO_LEASE
#define may_take_over(i) false
#else
#define may_take_over(i) (row[i].state == claimed && row[i].abandoned)
#endif

#define may_claim(e, k) \
  (first_of_lane(e, k) && (row[(e) * ROWS + (k)].state == ready || may_take_over((e) * ROWS + (k))))

/* The incident and what it owes change in one transaction. */
active proctype Incident() {
  do
  :: owed < EVENTS -> atomic { row[owed].state = ready; row[ROWS + owed].state = ready; owed++ }
  :: owed == EVENTS -> break
  od
}

proctype Worker() {
  byte e, k, i, mine, outcome;
  bit as_over, took;
end_idle:
  do
  :: atomic { /* claim, in one transaction */
      if
      :: may_claim(0, 0) -> e = 0; k = 0
      :: may_claim(0, 1) -> e = 0; k = 1
      :: may_claim(0, 2) -> e = 0; k = 2
      :: may_claim(0, 3) -> e = 0; k = 3
      :: may_claim(1, 0) -> e = 1; k = 0
      :: may_claim(1, 1) -> e = 1; k = 1
      :: may_claim(1, 2) -> e = 1; k = 2
      :: may_claim(1, 3) -> e = 1; k = 3
      fi;
      i = e * ROWS + k;
      row[i].state = claimed;
      row[i].abandoned = 0;
      row[i].claim_no++;
      mine = row[i].claim_no;
      row[i].tries++;
      outcome = none;
      as_over = 0;
      /* What its neighbours make of it, and whether it is held. */
      if
      :: !is_end(k) && pending(e, k + 1) -> outcome = cancelled /* both become one "over" */
      :: is_end(k) ->
#ifdef NO_RULE_R
         skip
#else
         as_over = !knows[e]
#endif
      :: !is_end(k) && !pending(e, k + 1) -> skip
      fi;
      if
      :: outcome == none && mishaps < MISHAPS -> mishaps++; outcome = ready; row[i].tries--
      :: true
      fi
    };
    if
    :: outcome == none ->
       atomic { /* the remote */
         took = 0;
         if
         :: took = 1; outcome = sent
         :: e == 0 -> took = 1; outcome = ready /* it took it, and its answer never came */
         :: e == 0 -> outcome = ready  /* it failed */
         :: e == 0 -> outcome = dead   /* it never will take it */
         fi;
         if
         :: outcome == ready && took -> row[i].excuses++
         :: else
         fi;
#ifndef NO_GIVE_UP
         if
         :: outcome == ready && row[i].tries >= TRIES -> outcome = dead
         :: else
         fi;
#endif
         if
         :: took ->
            assert(!is_end(k) || as_over || knows[e]);              /* I3 */
            if
            :: row[i].accepted == 0 -> assert(k >= next_new[e]); next_new[e] = k + 1 /* I6 */
            :: else
            fi;
            if
            :: row[i].accepted < 5 -> row[i].accepted++
            :: else
            fi;
            assert(row[i].accepted <= 1 + row[i].excuses)           /* I5 */
         :: else
         fi
       }
    :: else
    fi;
    if
    :: atomic { mishaps < MISHAPS -> mishaps++; row[i].excuses++; row[i].abandoned = 1 } /* kill -9: nothing is written */
    :: atomic { mishaps < MISHAPS && row[i].claim_no == mine && row[i].state == claimed ->
                mishaps++; row[i].excuses++; row[i].abandoned = 1 };
       goto commit /* so slow that another takes over: and then it comes back */
    :: true ->
commit:
       atomic { /* the outcome, in one transaction */
         if
#ifdef NO_FENCE
         :: true ->
#else
         :: row[i].state == claimed && row[i].claim_no == mine ->
#endif
            assert(row[i].state < sent); /* what has ended has ended */
            row[i].state = outcome;
            row[i].abandoned = 0;
            if
            :: outcome == sent -> knows[e] = !is_end(k)
            :: else
            fi;
            if
            :: outcome >= sent -> /* nothing asks for these any more */
               row[i].claim_no = 0; row[i].tries = 0; row[i].accepted = 0; row[i].excuses = 0
            :: else
            fi
#ifndef NO_FENCE
         :: else
#endif
         fi
       }
    fi;
    atomic { e = 0; k = 0; i = 0; mine = 0; outcome = 0; as_over = 0; took = 0 } /* nothing is remembered */
  od
}

init { atomic { run Worker(); run Worker() } }

ltl everything_ends { <> all_ended }
