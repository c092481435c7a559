//! What is known of a GPU adapter.

use std::fmt;

/// Names of software adapters, some of which do not report their type.
const SOFTWARE: [&str; 4] = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];

/// A description of a GPU adapter. Unknown fields are empty: browsers disclose as little as they like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdapterDescription {
    /// The name, such as "NVIDIA GeForce RTX 4070". Most browsers hide it.
    pub name: String,
    /// The vendor: "nvidia", "google" …, natively a number.
    pub vendor: String,
    /// The family: "ampere", "swiftshader" …; natively the driver.
    pub architecture: String,
    /// The programming interface: "webgpu", "vulkan" …
    pub backend: String,
    /// Whether it reports that it computes on the CPU.
    pub is_cpu: bool,
}

impl AdapterDescription {
    /// An adapter as wgpu reports it. The vendor's number is 0 where it is not disclosed.
    pub fn reported(name: String, vendor: u32, driver: String, backend: String, is_cpu: bool) -> Self {
        let vendor = if vendor == 0 { String::new() } else { format!("{vendor:#06x}") };
        Self { name, vendor, architecture: driver, backend, is_cpu }
    }

    /// Whether it computes on the CPU, as it reports or as its name tells.
    pub fn is_software(&self) -> bool {
        let names = [&self.name, &self.vendor, &self.architecture].map(|text| text.to_lowercase());
        self.is_cpu || SOFTWARE.iter().any(|software| names.iter().any(|name| name.contains(software)))
    }
}

impl fmt::Display for AdapterDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known =
            [&self.name, &self.vendor, &self.architecture].into_iter().filter(|text| !text.is_empty());
        let known: Vec<_> = known.map(String::as_str).collect();
        let kind = if self.is_software() { ", software" } else { "" };
        match known.as_slice() {
            [] => write!(f, "unnamed adapter ({}{kind})", self.backend),
            known => write!(f, "{} ({}{kind})", known.join(" "), self.backend),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_told() {
        let unknown = AdapterDescription { backend: "webgpu".into(), ..AdapterDescription::default() };
        assert_eq!(unknown.to_string(), "unnamed adapter (webgpu)");
        let nvidia = AdapterDescription { vendor: "nvidia".into(), architecture: "ampere".into(), ..unknown };
        assert_eq!(nvidia.to_string(), "nvidia ampere (webgpu)");
    }

    #[test]
    fn a_vendor_is_its_number_unless_it_is_not_disclosed() {
        let of = |vendor| {
            AdapterDescription::reported(String::new(), vendor, String::new(), "vulkan".into(), false)
        };
        assert_eq!(
            [0, 0x10de].map(|vendor| of(vendor).to_string()),
            ["unnamed adapter (vulkan)", "0x10de (vulkan)"]
        );
    }

    #[test]
    fn software_is_known_by_its_report_or_its_name() {
        let named = AdapterDescription {
            architecture: "SwiftShader".into(),
            backend: "webgpu".into(),
            ..AdapterDescription::default()
        };
        let reported = AdapterDescription { is_cpu: true, ..AdapterDescription::default() };
        assert!(named.is_software() && reported.is_software());
        assert_eq!(named.to_string(), "SwiftShader (webgpu, software)");
    }
}
