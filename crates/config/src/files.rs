//! Which files a configuration names: what a probe must keep in its reach.

use crate::written::Config;

impl Config {
    /// Files and folders that it names to be read, captures apart.
    #[must_use]
    pub fn files_read(&self) -> Vec<&str> {
        let (tables, listen) = (&self.tables, &self.listen);
        let mut files: Vec<&Option<String>> =
            vec![&tables.classes, &tables.profile, &tables.hours, &tables.confusables, &tables.high_cost];
        files.extend([&listen.hep_key, &listen.tls_certificate, &listen.tls_key, &self.stir.certificates]);
        for sink in &self.sink {
            files.push(&sink.pseudonym_key_file);
            if let Some(tls) = &sink.tls {
                files.extend([&tls.authorities_file, &tls.certificate_file, &tls.key_file]);
            }
            if let Some(webhook) = &sink.webhook {
                files.extend([&webhook.secret_file, &webhook.token_file]);
            }
            files.extend(sink.alertmanager.iter().map(|alertmanager| &alertmanager.token_file));
            if let Some(nats) = &sink.nats {
                files.extend([&nats.credentials_file, &nats.password_file]);
            }
            files.extend(sink.email.iter().map(|email| &email.password_file));
        }
        let named = files.into_iter().flatten().map(String::as_str);
        named.chain(self.stir.authorities.iter().map(String::as_str)).collect()
    }

    /// Files that it names to be written, the folder of state apart.
    #[must_use]
    pub fn files_written(&self) -> Vec<&str> {
        let sinks = self.sink.iter().filter_map(|sink| sink.file.as_ref()).map(|file| file.path.as_str());
        sinks.chain(self.lists.file.as_deref()).collect()
    }
}
