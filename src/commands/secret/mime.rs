//! The MIME types of attachments, which other clients show and preview by.

use std::path::Path;

/// The type of a file whose name tells none.
const ANYTHING: &str = "application/octet-stream";

/// A type, and the endings of names that stand for it: the endings that Python knows, which the official SDK asks, and
/// those of documents, keys, certificates and archives. Where versions of Python differ, the type is IANA's.
const TYPES: &[(&str, &str)] = &[
    ("application/atom+xml", "atom"),
    ("application/epub+zip", "epub"),
    ("application/font-sfnt", "otf"),
    ("application/font-woff", "woff"),
    ("application/gpx+xml", "gpx"),
    ("application/gzip", "gz"),
    ("application/java-archive", "jar"),
    ("application/javascript", "mjs"),
    ("application/json", "json"),
    ("application/json5", "json5"),
    ("application/manifest+json", "webmanifest"),
    ("application/msword", "doc dot wiz"),
    ("application/n-quads", "nq"),
    ("application/n-triples", "nt"),
    ("application/oda", "oda"),
    ("application/pdf", "pdf"),
    ("application/pgp-signature", "asc sig"),
    ("application/pkcs7-mime", "p7c"),
    ("application/postscript", "ai eps ps"),
    ("application/rdf+xml", "rdf"),
    ("application/rss+xml", "rss"),
    ("application/rtf", "rtf"),
    ("application/trig", "trig"),
    ("application/vnd.android.package-archive", "apk"),
    ("application/vnd.google-earth.kml+xml", "kml"),
    ("application/vnd.mif", "mif"),
    ("application/vnd.mozilla.xul+xml", "xul"),
    ("application/vnd.ms-excel", "xlb xls"),
    ("application/vnd.ms-outlook", "msg"),
    ("application/vnd.ms-powerpoint", "pot ppa pps ppt pwz"),
    (
        "application/vnd.ms-excel.sheet.binary.macroEnabled.12",
        "xlsb",
    ),
    ("application/vnd.ms-excel.sheet.macroEnabled.12", "xlsm"),
    ("application/vnd.ms-fontobject", "eot"),
    ("application/vnd.ms-word.document.macroEnabled.12", "docm"),
    ("application/vnd.oasis.opendocument.graphics", "odg"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
        "ppsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.template",
        "potx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
        "xltx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
        "dotx",
    ),
    ("application/vnd.visio", "vsd"),
    ("application/wasm", "wasm"),
    ("application/x-7z-compressed", "7z"),
    ("application/x-bcpio", "bcpio"),
    ("application/x-bzip2", "bz2"),
    ("application/x-cdf", "cdf"),
    ("application/x-compressed", "tgz"),
    ("application/x-cpio", "cpio"),
    ("application/x-csh", "csh"),
    ("application/x-dvi", "dvi"),
    ("application/x-gtar", "gtar"),
    ("application/x-hdf", "hdf"),
    ("application/x-hdf5", "h5"),
    ("application/x-httpd-php", "php"),
    ("application/x-java-applet", "class"),
    ("application/x-java-jnlp-file", "jnlp"),
    ("application/x-latex", "latex"),
    ("application/x-mobipocket-ebook", "mobi"),
    ("application/x-msdownload", "bat dll"),
    ("application/x-netcdf", "nc"),
    ("application/x-perl", "pl"),
    ("application/x-pkcs12", "p12 pfx"),
    ("application/x-pkcs7-certificates", "p7b"),
    ("application/x-python-code", "pyc pyo"),
    ("application/x-rar-compressed", "rar"),
    ("application/x-sh", "sh"),
    ("application/x-shar", "shar"),
    ("application/x-shockwave-flash", "swf"),
    ("application/x-sql", "sql"),
    ("application/x-subrip", "srt"),
    ("application/x-sv4cpio", "sv4cpio"),
    ("application/x-sv4crc", "sv4crc"),
    ("application/x-tar", "tar"),
    ("application/x-tcl", "tcl"),
    ("application/x-tex", "tex"),
    ("application/x-texinfo", "texi texinfo"),
    ("application/x-tgif", "obj"),
    ("application/x-troff", "roff t tr"),
    ("application/x-troff-man", "man"),
    ("application/x-troff-me", "me"),
    ("application/x-troff-ms", "ms"),
    ("application/x-ustar", "ustar"),
    ("application/x-wais-source", "src"),
    ("application/x-x509-ca-cert", "cer crt der pem"),
    ("application/x-xz", "xz"),
    ("application/xml", "xpdl"),
    ("application/zip", "zip"),
    ("audio/3gpp2", "3gpp2"),
    ("audio/aac", "aac adts ass loas"),
    ("audio/aiff", "aif aifc aiff"),
    ("audio/basic", "au snd"),
    ("audio/flac", "flac"),
    ("audio/m4a", "m4a"),
    ("audio/mid", "mid midi"),
    ("audio/mpeg", "mp2 mp3"),
    ("audio/ogg", "oga ogg opus"),
    ("audio/wav", "wav"),
    ("audio/x-mpegurl", "m3u m3u8"),
    ("audio/x-ms-wma", "wma"),
    ("audio/x-pn-realaudio", "ra ram"),
    ("font/ttf", "ttf"),
    ("font/woff2", "woff2"),
    ("image/avif", "avif"),
    ("image/bmp", "bmp"),
    ("image/gif", "gif"),
    ("image/heic", "heic"),
    ("image/heif", "heif"),
    ("image/ief", "ief"),
    ("image/jpeg", "jpe jpeg jpg"),
    ("image/png", "png"),
    ("image/svg+xml", "svg svgz"),
    ("image/tiff", "tif tiff"),
    ("image/webp", "webp"),
    ("image/x-cmu-raster", "ras"),
    ("image/x-icon", "ico"),
    ("image/x-portable-anymap", "pnm"),
    ("image/x-portable-bitmap", "pbm"),
    ("image/x-portable-graymap", "pgm"),
    ("image/x-portable-pixmap", "ppm"),
    ("image/x-rgb", "rgb"),
    ("image/x-xbitmap", "xbm"),
    ("image/x-xpixmap", "xpm"),
    ("image/x-xwindowdump", "xwd"),
    ("message/rfc822", "eml mht mhtml nws"),
    ("text/calendar", "ics"),
    ("text/css", "css"),
    ("text/csv", "csv"),
    ("text/html", "htm html"),
    ("text/javascript", "js jsx"),
    ("text/markdown", "markdown md"),
    ("text/n3", "n3"),
    ("text/plain", "c cfg cmd conf h ini ksh log py txt"),
    ("text/richtext", "rtx"),
    ("text/sgml", "sgm sgml"),
    ("text/tab-separated-values", "tsv"),
    ("text/vtt", "vtt"),
    ("text/x-lua", "lua"),
    ("text/x-rust", "rs"),
    ("text/x-scss", "scss"),
    ("text/x-setext", "etx"),
    ("text/x-toml", "toml"),
    ("text/x-vcard", "vcf"),
    ("text/x-yaml", "yaml yml"),
    ("text/xml", "dtd wsdl xml xsd xsl xslt"),
    ("video/3gpp", "3gp 3gpp"),
    ("video/3gpp2", "3g2"),
    ("video/mp4", "mp4"),
    ("video/mpeg", "m1v mpa mpe mpeg mpg"),
    ("video/ogg", "ogv"),
    ("video/quicktime", "mov qt"),
    ("video/webm", "webm"),
    ("video/x-flv", "flv"),
    ("video/x-m4v", "m4v"),
    ("video/x-matroska", "mkv"),
    ("video/x-ms-wmv", "wmv"),
    ("video/x-msvideo", "avi"),
    ("video/x-sgi-movie", "movie"),
];

/// The type that the end of a name stands for, in any case.
pub(super) fn of_name(name: &str) -> &'static str {
    let ending = Path::new(name).extension().unwrap_or_default();
    let stands = |endings: &str| {
        endings
            .split(' ')
            .any(|one| ending.eq_ignore_ascii_case(one))
    };
    let found = TYPES.iter().find(|(_, endings)| stands(endings));
    found.map_or(ANYTHING, |(kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ending_counts_in_any_case() {
        for (name, expected) in [
            ("a.txt", "text/plain"),
            ("dir.d/Photo.JPeG", "image/jpeg"),
            ("a.pdf.json", "application/json"),
            ("server.pem", "application/x-x509-ca-cert"),
            ("backup.tar.gz", "application/gzip"),
            ("logo.webp", "image/webp"),
            ("a.kdbx", ANYTHING),
            ("json", ANYTHING),
            (".json", ANYTHING),
            ("a.json bin", ANYTHING),
            ("a.", ANYTHING),
            ("", ANYTHING),
        ] {
            assert_eq!(of_name(name), expected, "{name}");
        }
    }

    #[test]
    fn an_ending_has_one_type() {
        let mut endings: Vec<&str> = TYPES.iter().flat_map(|(_, e)| e.split(' ')).collect();
        let all = endings.len();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), all);
    }
}
