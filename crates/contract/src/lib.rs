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
                an_account_is_made_once,
                accounts_are_listed_in_the_order_they_were_made,
                a_connected_account_is_set_and_taken_away,
                limits_are_set_and_taken_away,
                what_becomes_of_a_default_is_chosen,
                an_account_is_disabled_and_enabled,
                changes_of_one_account_are_made_together,
                changes_at_once_lose_nothing,
                an_empty_account_is_bound_to_either_mode,
                an_account_with_payment_methods_keeps_its_mode,
                an_account_with_a_job_keeps_its_mode,
            }
            api_keys {
                a_key_is_found_by_its_digest,
                keys_get_keyed_digests_once,
                a_key_keeps_its_scopes_and_its_end,
                keys_are_listed_by_account_oldest_first,
                keys_come_in_pages,
                a_revoked_key_keeps_its_first_revocation,
                a_key_is_found_as_it_was_left,
                another_accounts_key_can_not_be_revoked,
                a_digest_is_stored_once,
                a_key_needs_an_account,
                a_use_never_goes_back_in_time,
                uses_of_keys_that_are_not_there_are_passed_over,
                uses_told_at_once_leave_the_latest,
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
            customer_counts {
                customers_of_a_status_are_counted,
                a_search_of_several_statuses_is_counted,
                statuses_that_change_at_once_are_counted_once,
                counts_are_what_a_list_holds,
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
                saves_of_each_kind_at_once_get_what_is_theirs,
                customers_asked_for_at_once_are_those_asked_for,
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
                a_page_far_from_either_end_is_found,
            }
            jobs {
                a_new_job_receives_its_rows,
                a_job_needs_an_account,
                rows_are_kept_as_they_came,
                a_row_that_can_not_be_understood_fails_at_once,
                a_row_that_asks_for_the_same_is_a_duplicate,
                rows_of_two_jobs_are_no_duplicates,
                rows_come_in_batches,
                a_line_comes_once,
                jobs_are_listed_either_way,
                accounts_do_not_see_each_others_jobs,
            }
            job_actions {
                an_action_is_possible_in_its_states_and_no_others,
                rows_come_while_a_job_receives_them_only,
                failures_are_forgotten_where_they_can_be_tried_again,
                a_canary_is_gone_when_it_was_done,
                a_job_is_first_started_once,
                of_starts_at_once_one_is_carried_out,
                of_two_ways_on_one_is_taken,
                a_reason_to_halt_is_gone_when_something_is_done,
                a_job_whose_rows_did_not_all_come_can_not_be_started,
                jobs_whose_rows_come_no_more_are_broken_off,
            }
            job_results {
                results_are_found_by_their_outcome,
                results_come_in_pieces_of_any_size,
                what_is_wanted_is_counted,
                what_many_rows_want_is_counted_part_by_part,
                what_is_settled_is_not_wanted,
                failures_that_may_change_are_tried_again,
                thousands_of_failures_are_forgotten,
            }
            job_queue {
                the_oldest_job_with_work_comes_first,
                each_job_goes_to_one_of_many_workers,
                who_asks_for_one_job_gets_that_or_none,
                an_account_of_the_vault_is_driven_by_one_worker,
                workers_at_once_do_not_share_an_account_of_the_vault,
                a_worker_at_a_paused_job_is_waited_for,
                nobody_works_on_a_job_of_a_disabled_account,
                a_lease_that_is_over_is_as_good_as_none,
                a_job_that_was_left_is_taken_up_again,
                a_renewed_lease_lasts_longer,
                it_can_be_told_where_a_worker_is,
                a_job_that_is_done_with_every_row_is_finished,
                a_job_with_rows_to_do_is_not_finished,
                a_job_that_can_not_go_on_is_paused,
                a_job_whose_undoing_is_done_is_undone,
            }
            job_leases {
                a_lease_that_was_taken_over_is_good_for_nothing,
                a_lease_that_was_given_back_is_good_for_nothing,
                a_lease_that_is_over_is_good_until_it_is_taken_over,
                a_lease_that_is_over_is_lost_to_another_job_of_its_vault,
                an_undoing_takes_the_job_from_its_worker,
                a_lease_is_of_one_account_and_job,
            }
            job_work {
                pending_rows_come_by_their_place,
                a_settled_row_is_not_pending,
                a_pending_row_says_what_it_asks_for,
                pending_rows_are_found_by_the_vaults_customer,
                pieces_of_a_scan_are_kept,
            }
            job_settling {
                a_row_is_saved_as_a_single_import_is,
                a_dry_run_writes_no_payment_method,
                what_a_row_brings_is_kept_whole,
                a_row_that_brings_nothing_fails,
                a_row_whose_customer_is_not_there_fails_alone,
                a_row_can_bring_several,
                two_rows_can_bring_the_same,
                a_row_that_has_its_outcome_keeps_it,
                calls_of_the_vault_add_up,
                a_job_that_was_stopped_is_still_settled,
                a_thousand_rows_are_settled_at_once,
            }
            job_races {
                settlements_of_different_rows_add_up,
                settlements_of_the_same_rows_count_once,
                jobs_that_meet_at_the_same_cards_import_each_once,
                a_card_that_is_saved_and_settled_at_once_is_one_row,
                settlements_and_actions_at_once_lose_nothing,
                rows_that_come_while_a_job_is_sealed_come_whole_or_not_at_all,
            }
            job_undoing {
                only_what_a_job_brought_in_is_deleted,
                a_job_is_undone_step_by_step,
                all_that_a_row_brought_is_deleted,
                a_default_with_others_stays,
                a_default_without_others_is_deleted,
                what_somebody_has_deleted_is_not_marked,
                what_was_imported_again_since_is_left_alone,
                undoing_twice_changes_nothing,
                what_was_undone_can_be_imported_again,
                undoing_a_dry_run_deletes_nothing,
            }
            sealed_secrets {
                a_vault_key_is_kept_as_it_was_put,
                an_account_with_payment_methods_gets_no_vault_key_of_the_other_mode,
                of_vault_keys_put_at_once_one_is_kept_with_its_mode,
                of_secrets_added_at_once_one_is_kept,
                a_secret_is_replaced_where_it_is_still_there,
                a_secret_is_removed,
                it_is_told_which_accounts_have_a_secret,
                secrets_are_listed_by_account,
            }
            audit {
                an_account_that_is_made_is_told_of,
                what_is_changed_of_an_account_is_told,
                a_mode_that_is_bound_is_told_of,
                keys_that_are_made_and_revoked_are_told_of,
                a_master_key_that_is_rotated_is_told_of,
                keys_of_the_vault_are_told_of,
                customers_that_are_made_and_replaced_are_told_of,
                customers_that_are_loaded_are_told_of_together,
                of_customers_that_are_loaded_again_it_is_told_which_fields_were_set,
                a_payment_method_that_is_saved_is_told_of,
                a_default_that_moves_is_told_of,
                what_is_refused_is_not_told_of,
                a_job_that_is_made_and_led_on_is_told_of,
                a_job_that_its_worker_leaves_is_told_of,
                a_job_that_is_broken_off_is_told_of,
                what_a_settlement_brings_is_told_of,
                what_a_dry_run_finds_is_not_told_of,
                what_an_undoing_deletes_is_told_of,
                what_is_imported_at_once_is_told_of_as_each_callers_own,
                one_card_that_is_imported_at_once_is_told_of_once,
                what_accounts_import_at_once_is_told_to_each,
                what_is_there_is_not_told_of_among_what_is_new,
                what_was_told_is_read_in_pieces,
                what_is_told_waits_for_its_link,
                it_is_told_whether_anything_is_chained,
                a_link_is_made_once,
                of_links_made_at_once_one_is_kept,
                what_is_chained_while_others_save_proves_true,
                nothing_secret_or_personal_is_told,
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
