use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

fn put(dir: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Header, good rows with their lines, issues with theirs.
type Found = (Vec<String>, Vec<(u64, Vec<String>)>, Vec<(u64, &'static str)>);

fn rows(path: &Path, options: &Options) -> Found {
    let mut reader = Reader::open(path, options).unwrap();
    let header = reader.header().names().to_vec();
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut row = Row::default();
    loop {
        match reader.read(&mut row).unwrap() {
            Read::Row => good.push((
                row.line,
                (0..row.len()).map(|at| row.cell(at).to_owned()).collect(),
            )),
            Read::Bad(issue) => bad.push((issue.line, issue.code.code)),
            Read::End => return (header, good, bad),
        }
    }
}

#[test]
fn a_mark_trailing_blanks_and_quoted_lines() {
    let dir = TempDir::new().unwrap();
    let path = put(
        &dir,
        "a.csv",
        "\u{FEFF}订单编号,收货地址 ,note\r\n1,\"上海,\n浦东\",x\r\n\r\n2,北京\r\n3,b,\"c\"\"d\"".as_bytes(),
    );
    let (header, good, bad) = rows(&path, &Options::default());
    assert_eq!(header, ["订单编号", "收货地址", "note"]);
    assert_eq!(good[0], (2, vec!["1".into(), "上海,\n浦东".into(), "x".into()]));
    assert_eq!(good[1], (6, vec!["3".into(), "b".into(), "c\"d".into()]));
    assert_eq!(bad, [(5, "source.cells")]);
}

#[test]
fn gb18030_is_found_out_and_broken_utf8_is_named() {
    let dir = TempDir::new().unwrap();
    let (bytes, _, _) = encoding_rs::GB18030.encode("名称,价格\n面霜,12.5\n");
    let path = put(&dir, "gb.csv", &bytes);
    assert_eq!(
        rows(&path, &Options::default()).1,
        [(2, vec!["面霜".to_owned(), "12.5".to_owned()])]
    );

    let mut broken = b"a,b\n1,2\n".to_vec();
    broken.extend(b"3,\xFF\xFE\n4,5\n");
    let path = put(&dir, "broken.csv", &broken);
    let options = Options {
        encoding: Encoding::named("utf-8"),
        ..Options::default()
    };
    let (_, good, bad) = rows(&path, &options);
    assert_eq!(good.len(), 2);
    assert_eq!(bad, [(3, "source.encoding")]);
}

#[test]
fn gzip_zip_and_tsv() {
    let dir = TempDir::new().unwrap();
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(b"a\tb\n1\t2\n").unwrap();
    let path = put(&dir, "x.tsv.gz", &gz.finish().unwrap());
    assert_eq!(
        rows(&path, &Options::default()).1,
        [(2, vec!["1".to_owned(), "2".to_owned()])]
    );

    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default();
    for (name, text) in [("readme.txt", "no"), ("data/rows.csv", "a\n7\n")] {
        zip.start_file(name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let path = put(&dir, "x.zip", &zip.finish().unwrap().into_inner());
    let options = Options {
        member: Some("*.csv".into()),
        ..Options::default()
    };
    assert_eq!(rows(&path, &options).1, [(2, vec!["7".to_owned()])]);
    assert!(
        Reader::open(&path, &Options::default())
            .err()
            .unwrap()
            .reason
            .contains("2 members")
    );
}

/// The smallest workbook there is, by hand: shared nothing, inline strings, one number, one date.
fn workbook() -> Vec<u8> {
    let sheet = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>名称 </t></is></c><c r="B1" t="inlineStr"><is><t>数量</t></is></c>
        <c r="C1" t="inlineStr"><is><t>日期</t></is></c></row>
        <row r="3"><c r="A3" t="inlineStr"><is><t>面霜</t></is></c><c r="B3"><v>12</v></c><c r="C3" s="1"><v>45413.5</v></c></row>
        </sheetData></worksheet>"#;
    let parts = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="库存" sheetId="1" r:id="r1"/></sheets></workbook>"#,
        ),
        (
            "xl/styles.xml",
            r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_workbook() {
    let dir = TempDir::new().unwrap();
    let path = put(&dir, "stock.xlsx", &workbook());
    let (header, good, _) = rows(&path, &Options::default());
    assert_eq!(header, ["名称", "数量", "日期"]);
    assert_eq!(
        good,
        [(
            3,
            vec![
                "面霜".to_owned(),
                "12".to_owned(),
                "2024-05-01 12:00:00".to_owned()
            ]
        )]
    );
    let wrong = Options {
        table: Some("Sheet1".into()),
        ..Options::default()
    };
    assert!(Reader::open(&path, &wrong).err().unwrap().reason.contains("库存"));
}

#[test]
fn json_is_flattened() {
    let dir = TempDir::new().unwrap();
    let path = put(
        &dir,
        "s.json",
        br#"[{"id":1,"at":{"lat":1.5},"tags":["x","y"],"path":[{"id":"a"},{"id":"b"}]},7]"#,
    );
    let (header, good, bad) = rows(&path, &Options::default());
    // The order of an object's members is not a promise of JSON.
    let mut cells: Vec<_> = header
        .iter()
        .zip(&good[0].1)
        .map(|(name, cell)| (name.as_str(), cell.as_str()))
        .collect();
    cells.sort_unstable();
    assert_eq!(
        cells,
        [
            ("at.lat", "1.5"),
            ("id", "1"),
            ("path.id", "a|b"),
            ("tags", "x|y")
        ]
    );
    assert_eq!(bad, [(2, "source.syntax")]);
}

const DUMP: &str = "-- a comment; with 'quotes\n/*!40101 SET NAMES utf8 */;\n\
    CREATE TABLE `goods` (\n `id` int(11) NOT NULL DEFAULT '0' COMMENT 'a, b (c)',\n `name` varchar(9),\n PRIMARY KEY (`id`)\n);\n\
    INSERT INTO `other` VALUES (1,'x;');\n\
    INSERT INTO `goods` VALUES (1,'it\\'s'),(-2,'two\\nlines'),\n(3,NULL),(4);\nUNLOCK TABLES;\n\
    INSERT INTO `goods` (`id`,`name`) VALUES (5,'a''b');";

#[test]
fn a_dump_with_described_columns() {
    let dir = TempDir::new().unwrap();
    let path = put(&dir, "d.sql", DUMP.as_bytes());
    let options = Options {
        table: Some("goods".into()),
        ..Options::default()
    };
    let (header, good, bad) = rows(&path, &options);
    assert_eq!(header, ["id", "name"]);
    let cells: Vec<_> = good
        .iter()
        .map(|(line, cells)| (*line, cells[0].as_str(), cells[1].as_str()))
        .collect();
    assert_eq!(
        cells,
        [
            (9, "1", "it's"),
            (9, "-2", "two\nlines"),
            (10, "3", ""),
            (12, "5", "a'b")
        ]
    );
    assert_eq!(bad, [(10, "source.cells")]);
    let missing = Options {
        table: Some("nothing".into()),
        ..Options::default()
    };
    assert!(Reader::open(&path, &missing).is_err());
}

#[test]
fn patterns() {
    assert!(glob("*.CSV", "orders.csv"));
    assert!(glob("olist_*_dataset*", "olist_orders_dataset.csv"));
    assert!(!glob("*.csv", "orders.csv.gz"));
}

fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\0' => out.push_str("\\0"),
            c => out.push(c),
        }
    }
    out + "'"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_a_dump_writes_is_read_back(values in prop::collection::vec(any::<String>(), 1..8)) {
        let dir = TempDir::new().unwrap();
        let tuples: Vec<_> = values.iter().map(|v| format!("({})", quoted(v))).collect();
        let sql = format!("INSERT INTO `t` VALUES {};\n", tuples.join(","));
        let path = put(&dir, "t.sql", sql.as_bytes());
        let options = Options {
            table: Some("t".into()),
            columns: Some(vec!["v".into()]),
            encoding: Encoding::named("utf-8"),
            ..Options::default()
        };
        let (_, good, bad) = rows(&path, &options);
        let read: Vec<_> = good.into_iter().map(|(_, cells)| cells[0].clone()).collect();
        prop_assert!(bad.is_empty());
        prop_assert_eq!(read, values);
    }

    #[test]
    fn no_dump_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let dir = TempDir::new().unwrap();
        let mut sql = b"INSERT INTO `t` VALUES (".to_vec();
        sql.extend(bytes);
        let path = put(&dir, "t.sql", &sql);
        let options = Options { table: Some("t".into()), columns: Some(vec!["v".into()]), ..Options::default() };
        if let Ok(mut reader) = Reader::open(&path, &options) {
            let mut row = Row::default();
            while let Ok(Read::Row | Read::Bad(_)) = reader.read(&mut row) {}
        }
    }

    #[test]
    fn what_csv_writes_is_read_back(table in prop::collection::vec(prop::collection::vec("[^\u{FEFF}\u{FFFD}]*", 3), 1..6)) {
        let dir = TempDir::new().unwrap();
        let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).unwrap();
        // A carriage return at the very end of a line belongs to the line's end.
        let table: Vec<Vec<String>> =
            table.into_iter().map(|mut row| { row[2].push('.'); row }).collect();
        for row in &table {
            writer.write_record(row).unwrap();
        }
        let path = put(&dir, "t.csv", &writer.into_inner().unwrap());
        let options = Options { encoding: Encoding::named("utf-8"), ..Options::default() };
        let (_, good, _) = rows(&path, &options);
        let read: Vec<_> = good.into_iter().map(|(_, cells)| cells).collect();
        prop_assert_eq!(read, table);
    }
}
