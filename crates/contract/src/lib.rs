#![doc = include_str!("../README.md")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a conformance suite fails by panicking, as any test does"
)]

mod memory;
pub mod suite;

pub use memory::InMemory;

/// Makes a test of each case of the suite.
///
/// `$open` is an `async fn() -> (Arc<impl Stores>, Guard)`.
#[macro_export]
macro_rules! contract_tests {
    ($open:ident) => {
        $crate::contract_tests! { @groups $open;
            accounts {
                the_default_account_exists_from_the_start,
                ensuring_one_name_at_once_gives_one_account,
                an_unknown_name_is_no_account,
                a_connected_account_is_set_and_taken_away,
                limits_are_set_and_taken_away,
            }
            api_keys {
                a_key_is_found_by_its_digest,
                keys_are_listed_by_account_oldest_first,
                a_revoked_key_keeps_its_first_revocation,
                another_accounts_key_can_not_be_revoked,
                a_digest_is_stored_once,
                a_key_needs_an_account,
            }
            customers {
                a_loaded_customer_is_found,
                another_accounts_customer_is_not_found,
                loading_again_keeps_what_is_left_out,
                the_later_record_of_an_id_counts,
                thousands_are_loaded_at_once,
                an_unknown_account_gets_no_customers,
                a_loaded_customer_is_active_and_good,
                a_created_customer_gets_the_next_id,
                customers_created_at_once_have_ids_of_their_own,
                a_replaced_customer_is_what_it_was_replaced_by,
            }
            idempotency {
                one_of_many_claims_is_granted,
                a_stored_reply_is_given_again,
                a_key_belongs_to_one_request,
                a_released_claim_can_be_made_again,
                each_account_has_its_own_keys,
                a_reply_is_forgotten_when_it_expires,
                an_owner_who_wakes_up_late_writes_nothing,
                purging_forgets_only_what_has_expired,
            }
            payment_methods {
                a_saved_card_is_listed_as_it_was_saved,
                a_card_of_which_little_is_known_is_saved,
                a_saved_bank_account_is_listed_as_it_was_saved,
                every_brand_and_funding_comes_back,
                the_same_card_again_changes_nothing,
                a_card_with_new_details_is_updated,
                one_card_can_be_two_customers,
                accounts_do_not_see_each_other,
                a_default_moves,
                saving_again_keeps_the_default,
                a_missing_customer_gets_nothing,
                another_accounts_customer_gets_nothing,
            }
            concurrency {
                imports_of_one_card_at_once_make_one_row,
                imports_of_different_cards_at_once_make_a_row_each,
                defaults_asked_for_at_once_leave_one,
                details_that_change_at_once_lose_no_default,
            }
            lists {
                a_list_comes_in_pages,
                a_list_runs_either_way,
                a_list_can_be_of_one_kind,
                one_is_found_where_it_is_of_the_kind,
            }
            deletion {
                what_is_deleted_is_gone,
                importing_again_brings_it_back_under_its_id,
                what_comes_back_can_be_the_default,
                a_default_goes_last,
                what_is_not_ours_is_not_deleted,
                a_default_is_chosen,
                defaults_that_move_and_go_at_once_leave_at_most_one,
            }
            search {
                a_text_is_found_in_either_case,
                a_pattern_fits_what_it_looks_like,
                a_range_holds_its_bounds,
                conditions_of_a_field_are_ored_and_fields_are_anded,
                every_field_sorts_either_way,
                customers_come_in_pages,
            }
            readiness {
                an_open_store_is_ready,
            }
        }
    };
    (@groups $open:ident; $($group:ident { $($case:ident,)* })*) => {
        $(mod $group {
            $(#[::core::prelude::v1::test]
            fn $case() {
                $crate::suite::run(|| async {
                    let (stores, guard) = super::$open().await;
                    $crate::suite::$group::$case(stores).await;
                    drop(guard);
                });
            })*
        })*
    };
}
