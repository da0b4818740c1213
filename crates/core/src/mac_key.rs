//! Keys of HMAC-SHA-256, each for one thing.

/// Declares a newtype over a key of HMAC-SHA-256 (RFC 2104). `Debug` shows nothing of it.
macro_rules! mac_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(hmac::Hmac<sha2::Sha256>);

        impl $name {
            /// Bytes of it.
            pub const LENGTH: usize = 32;

            /// The bytes of a new one.
            #[must_use]
            pub fn generate(
                entropy: &dyn $crate::ports::Entropy,
            ) -> secrecy::SecretSlice<u8> {
                let mut bytes = vec![0; Self::LENGTH];
                entropy.fill(&mut bytes);
                bytes.into()
            }

            /// The one of these bytes, where they are as many as it has.
            #[must_use]
            pub fn new(bytes: &secrecy::SecretSlice<u8>) -> Option<Self> {
                let bytes = secrecy::ExposeSecret::expose_secret(bytes);
                let key = (bytes.len() == Self::LENGTH)
                    .then(|| hmac::KeyInit::new_from_slice(bytes).ok());
                key.flatten().map(Self)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

pub(crate) use mac_key;
