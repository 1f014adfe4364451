//! Which files a configuration names: what a probe must keep in its reach.

use crate::sinks::Sink;
use crate::written::Config;

impl Config {
    /// Files and folders that it names to be read, captures apart.
    #[must_use]
    pub fn files_read(&self) -> Vec<&str> {
        self.named_files().into_iter().map(|(_, file)| file).collect()
    }

    /// The same, each behind its place: keys and indices from the top, `sink/0/webhook/secret_file`.
    #[must_use]
    pub fn named_files(&self) -> Vec<(String, &str)> {
        let (tables, listen) = (&self.tables, &self.listen);
        let single = [
            ("tables/classes", &tables.classes),
            ("tables/profile", &tables.profile),
            ("tables/hours", &tables.hours),
            ("tables/confusables", &tables.confusables),
            ("tables/high_cost", &tables.high_cost),
            ("listen/hep_key", &listen.hep_key),
            ("listen/tls_certificate", &listen.tls_certificate),
            ("listen/tls_key", &listen.tls_key),
            ("stir/certificates", &self.stir.certificates),
        ];
        let mut named: Vec<(String, &str)> =
            single.into_iter().filter_map(|(key, file)| Some((key.to_owned(), file.as_deref()?))).collect();
        for (at, sink) in self.sink.iter().enumerate() {
            named.extend(sink.named_files().into_iter().map(|(key, file)| (format!("sink/{at}/{key}"), file)));
        }
        let authorities = self.stir.authorities.iter().enumerate();
        named.extend(authorities.map(|(at, file)| (format!("stir/authorities/{at}"), file.as_str())));
        named
    }

    /// Files that it names to be written, the folder of state apart.
    #[must_use]
    pub fn files_written(&self) -> Vec<&str> {
        let sinks = self.sink.iter().filter_map(|sink| sink.file.as_ref()).map(|file| file.path.as_str());
        sinks.chain(self.lists.file.as_deref()).collect()
    }
}

impl Sink {
    /// Files that it names to be read, each behind its key.
    fn named_files(&self) -> Vec<(&'static str, &str)> {
        let mut files = vec![("pseudonym_key_file", &self.pseudonym_key_file)];
        if let Some(tls) = &self.tls {
            files.extend([
                ("tls/authorities_file", &tls.authorities_file),
                ("tls/certificate_file", &tls.certificate_file),
                ("tls/key_file", &tls.key_file),
            ]);
        }
        if let Some(webhook) = &self.webhook {
            files.extend([("webhook/secret_file", &webhook.secret_file), ("webhook/token_file", &webhook.token_file)]);
        }
        files.extend(self.alertmanager.iter().map(|it| ("alertmanager/token_file", &it.token_file)));
        if let Some(nats) = &self.nats {
            files.extend([
                ("nats/credentials_file", &nats.credentials_file),
                ("nats/password_file", &nats.password_file),
            ]);
        }
        files.extend(self.email.iter().map(|email| ("email/password_file", &email.password_file)));
        files.into_iter().filter_map(|(key, file)| Some((key, file.as_deref()?))).collect()
    }
}
