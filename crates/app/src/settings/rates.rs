//! Settings of how much Stripe is asked.

use cardlift_core::job::Rates;
use clap::Args;

use super::Problems;
use super::parse::{number, number_or_off};

#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "a field is named as its flag is")]
pub(crate) struct RatesArgs {
    /// How many calls of Stripe there may be a second; off: jobs call as fast as they can
    #[arg(long, env = "CARDLIFT_STRIPE_RATE", value_name = "COUNT", default_value = "100")]
    stripe_rate: String,
    /// How many of them to one endpoint
    #[arg(long, env = "CARDLIFT_STRIPE_ENDPOINT_RATE", value_name = "COUNT", default_value = "25")]
    stripe_endpoint_rate: String,
    /// Which share of them jobs leave to other calls while there are any
    #[arg(long, env = "CARDLIFT_STRIPE_LIVE_SHARE", value_name = "PERCENT", default_value = "20")]
    stripe_live_share: String,
}

impl RatesArgs {
    /// What jobs keep to, `None` where it is off, and what their time is estimated by.
    pub(super) fn parse(
        &self,
        problems: &mut Problems,
    ) -> Option<(Option<cardlift_stripe::Rates>, Rates)> {
        let rate = problems.take("CARDLIFT_STRIPE_RATE", rate(&self.stripe_rate));
        let endpoint = number(&self.stripe_endpoint_rate, 1, 10_000);
        let endpoint = problems.take("CARDLIFT_STRIPE_ENDPOINT_RATE", endpoint);
        let share = number(&self.stripe_live_share, 0, 90);
        let share = problems.take("CARDLIFT_STRIPE_LIVE_SHARE", share);
        let (rate, per_endpoint, share) = (rate?, f64::from(endpoint?), f64::from(share?));
        let governor = rate.map(|overall| cardlift_stripe::Rates {
            overall,
            per_endpoint,
            live_share: share / 100.0,
        });
        let overall = rate.unwrap_or(Rates::STRIPE.overall);
        Some((governor, Rates { overall, per_endpoint }))
    }
}

/// Calls a second; `None` is off.
fn rate(text: &str) -> Result<Option<f64>, String> {
    Ok(number_or_off(text, 1, 10_000)?.map(f64::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What jobs keep to, where there is nothing wrong.
    fn parse(
        rate: &str,
        endpoint: &str,
        share: &str,
    ) -> Result<Option<cardlift_stripe::Rates>, Problems> {
        let args = RatesArgs {
            stripe_rate: rate.to_owned(),
            stripe_endpoint_rate: endpoint.to_owned(),
            stripe_live_share: share.to_owned(),
        };
        let mut problems = Problems::default();
        let parsed = args.parse(&mut problems);
        parsed.map(|(governor, _)| governor).ok_or(problems)
    }

    #[test]
    fn the_defaults_are_those_of_the_vault() {
        let defaults = cardlift_stripe::Rates::default();
        assert_eq!(parse("100", "25", "20"), Ok(Some(defaults)));
    }

    #[test]
    fn it_can_be_off_but_not_nothing() {
        assert_eq!(parse("off", "25", "20"), Ok(None));
        for (rate, endpoint, share) in [("0", "25", "20"), ("100", "off", "20"), ("1", "1", "91")] {
            let problems = parse(rate, endpoint, share).expect_err("wrong");
            assert_eq!(problems.lines().len(), 1, "{rate} {endpoint} {share}");
        }
    }
}
