"""Tables as people bring them, and what each is read as: written down by hand, not by the reader.

A case is a name, what the file holds, and either its columns (label, first input, second input or "-"), classes,
inputs and targets, or the beginning of the sentence that refuses it.
"""

from typing import NamedTuple


class Read(NamedTuple):
    """What a file is read as; targets are places among the classes, or numbers where there are none."""

    columns: tuple[str, str, str]
    classes: tuple[str, ...]
    inputs: list[list[float]]
    targets: list[float]
    remarks: int = 0


XY = [[1.5, 2.0], [-3.0, 4.25], [0.5, 6.0]]
BARE = ("column 3", "column 1", "column 2")
NAMED = ("label", "x1", "x2")
ABA = Read(NAMED, ("a", "b"), XY, [0, 1, 0])
BARE_ABA = ABA._replace(columns=BARE)
LINE = Read(("y", "x", "-"), (), [[1], [2], [3], [4]], [2.5, 3, 3.5, 4])
XOR = Read(("label", "x1", "x2"), ("0", "1"), [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
ROWS = "1.5,2,a\n-3,4.25,b\n0.5,6,a\n"
HEAD = "x1,x2,label\n"

READ: dict[str, tuple[str | bytes, Read]] = {
    "plain": (HEAD + ROWS, ABA),
    "without names": (ROWS, BARE_ABA),
    "without an end": (HEAD + ROWS.strip(), ABA),
    "Windows line ends": ((HEAD + ROWS).replace("\n", "\r\n"), ABA),
    "old Mac line ends": ((HEAD + ROWS).replace("\n", "\r"), ABA),
    "byte order mark": (b"\xef\xbb\xbf" + (HEAD + ROWS).encode(), ABA),
    "UTF-16, little end first": (b"\xff\xfe" + (HEAD + ROWS).encode("utf-16-le"), ABA),
    "UTF-16, big end first": (b"\xfe\xff" + (HEAD + ROWS).encode("utf-16-be"), ABA),
    "UTF-16 without a mark": ((HEAD + ROWS).encode("utf-16-le"), ABA),
    "UTF-16, tabs, as Excel's Unicode text": (("\ufeff" + HEAD + ROWS).replace(",", "\t").encode("utf-16-le"), ABA),
    "Latin-1": (
        (HEAD + ROWS).replace("a\n", "Bär\n").encode("latin-1"),
        ABA._replace(classes=("Bär", "b"), remarks=1),
    ),
    "UTF-8 beyond ASCII": (
        "größe,x2,label\n1.5,2,木\n-3,4.25,b\n0.5,6,木\n",
        Read(("label", "größe", "x2"), ("b", "木"), XY, [1, 0, 1]),
    ),
    "semicolons": ((HEAD + ROWS).replace(",", ";"), ABA),
    "semicolons and decimal commas": ((HEAD + ROWS).replace(",", ";").replace(".", ","), ABA),
    "tabs": ((HEAD + ROWS).replace(",", "\t"), ABA),
    "tabs and decimal commas": ((HEAD + ROWS).replace(",", "\t").replace(".", ","), ABA),
    "bars": ((HEAD + ROWS).replace(",", "|"), ABA),
    "blanks": ((HEAD + ROWS).replace(",", " "), ABA),
    "columns set with blanks": ("  x1    x2  label\n 1.5  2.0   a\n-3.0  4.25  b\n 0.5  6.0   a\n", ABA),
    "blanks and decimal commas": ("1,5 2 a\n-3 4,25 b\n0,5 6 a\n", BARE_ABA),
    "a blank after every comma": ((HEAD + ROWS).replace(",", ", "), ABA),
    "blanks around everything": ("x1 , x2 , label \n 1.5 , 2 , a \n -3 , 4.25 , b\n0.5,6,a", ABA),
    "sep= line": ("sep=;\n" + (HEAD + ROWS).replace(",", ";").replace(".", ","), ABA),
    "sep= line, quoted": ('"sep=,"\n' + HEAD + ROWS, ABA),
    "sep= line with a tab": ("sep=\t\n" + (HEAD + ROWS).replace(",", "\t"), ABA),
    "comment lines": ("# of 2024\n% by me\n" + HEAD + "# half way\n" + ROWS, ABA),
    "names in a comment, as numpy writes them": ("# x1,x2,label\n" + ROWS, ABA),
    "a comment that is no list of names": ("# measured by hand\n" + ROWS, BARE_ABA),
    "empty lines": ("\n\n" + HEAD + "\n" + ROWS.replace("\n", "\n\n"), ABA),
    "lines of commas": (HEAD + ",,\n" + ROWS + ",,\n,,\n", ABA),
    "a comma at the end of every line": ((HEAD + ROWS).replace("\n", ",\n"), ABA),
    "commas at the end of some lines": (HEAD + ROWS.replace("b\n", "b,,\n"), ABA),
    "everything quoted": ('"x1","x2","label"\n"1.5","2","a"\n"-3","4.25","b"\n"0.5","6","a"\n', ABA),
    "single quotes": ("'x1','x2','label'\n1.5,2,'a'\n-3,4.25,'b'\n0.5,6,'a'\n", ABA),
    "quoted commas": (
        '"length, cm","width, cm",label\n1.5,2,"oak, red"\n-3,4.25,fir\n0.5,6,"oak, red"\n',
        Read(("label", "length, cm", "width, cm"), ("fir", "oak, red"), XY, [1, 0, 1]),
    ),
    "quoted quotes": (HEAD + ROWS.replace("a\n", '"an ""a"""\n'), ABA._replace(classes=('an "a"', "b"))),
    "a line break in quotes": (
        '"x1\n(cm)",x2,label\n' + ROWS,
        ABA._replace(columns=("label", "x1\n(cm)", "x2")),
    ),
    "quoted decimal commas": ('x1,x2,label\n"1,5","2",a\n"-3","4,25",b\n"0,5","6",a\n', ABA),
    "groups of three": (
        'x1,x2,label\n"1,234.5",1,a\n"2,345",2,b\n"12,345",3,a\n',
        Read(NAMED, ("a", "b"), [[1234.5, 1], [2345, 2], [12345, 3]], [0, 1, 0]),
    ),
    "German groups of three": (
        "x1;x2;label\n1.234,5;1;a\n2.345;2;b\n12.345,25;3;a\n",
        Read(NAMED, ("a", "b"), [[1234.5, 1], [2345, 2], [12345.25, 3]], [0, 1, 0]),
    ),
    "French groups of three": (
        "x1;x2;label\n1\u202f234,5;1;a\n2\u00a0345;2;b\n12 345,25;3;a\n",
        Read(NAMED, ("a", "b"), [[1234.5, 1], [2345, 2], [12345.25, 3]], [0, 1, 0]),
    ),
    "three decimals after a comma": (
        "1,234;2;a\n2,345;3;b\n0,456;4;a\n",
        Read(BARE, ("a", "b"), [[1.234, 2], [2.345, 3], [0.456, 4]], [0, 1, 0]),
    ),
    "a true minus": (HEAD + ROWS.replace("-", "\u2212"), ABA),
    "powers of ten": (HEAD + "15e-1,2,a\n-3E0,4.25,b\n+.5,6.,a\n", ABA),
    "row numbers of pandas": (",x1,x2,label\n0,1.5,2,a\n1,-3,4.25,b\n2,0.5,6,a\n", ABA._replace(remarks=1)),
    "row numbers of R": (
        '"","x1","x2","label"\n"1",1.5,2,"a"\n"2",-3,4.25,"b"\n"3",0.5,6,"a"\n',
        ABA._replace(remarks=1),
    ),
    "row numbers of R's write.table": (
        '"x1" "x2" "label"\n"1" 1.5 2 "a"\n"2" -3 4.25 "b"\n"3" 0.5 6 "a"\n',
        ABA._replace(remarks=1),
    ),
    "row names of R": (
        '"","x1","x2","label"\n"Mazda RX4",1.5,2,"a"\n"Fiat 128",-3,4.25,"b"\n"Volvo",0.5,6,"a"\n',
        ABA._replace(remarks=1),
    ),
    "an id": ("Id,x1,x2,label\n1,1.5,2,a\n2,-3,4.25,b\n3,0.5,6,a\n", ABA._replace(remarks=1)),
    "row numbers without names": (
        "1,1.5,2,a\n2,-3,4.25,b\n3,0.5,6,a\n",
        ABA._replace(columns=("column 4", "column 2", "column 3"), remarks=1),
    ),
    "numbers as names": (
        "0,1,2\n1.5,2,5\n-3,4.25,7\n0.5,6,5\n",
        Read(("2", "0", "1"), ("5", "7"), XY, [0, 1, 0], 1),
    ),
    "numbers as names, and row numbers": (
        ",0,1,2\n0,1.5,2,5\n1,-3,4.25,7\n2,0.5,6,5\n",
        Read(("2", "0", "1"), ("5", "7"), XY, [0, 1, 0], 2),
    ),
    "a first row that only looks like names": (
        "0,1,2\n1,1,2\n2,0,1\n3,0,1\n",
        Read(BARE, ("1", "2"), [[0, 1], [1, 1], [2, 0], [3, 0]], [1, 1, 0, 0]),
    ),
    "years as names": (
        "2019,2020,label\n1.5,2,a\n-3,4.25,b\n0.5,6,a\n",
        ABA._replace(columns=("label", "2019", "2020")),
    ),
    "the truth table of exclusive or": ("x1,x2,label\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n", XOR),
    "exclusive or without names": ("0,0,0\n0,1,1\n1,0,1\n1,1,0\n", XOR._replace(columns=BARE)),
    "exclusive or with signs": (
        "a,b,y\n-1,-1,-1\n-1,1,1\n1,-1,1\n1,1,-1\n",
        Read(("y", "a", "b"), ("-1", "1"), [[-1, -1], [-1, 1], [1, -1], [1, 1]], [0, 1, 1, 0]),
    ),
    "true and false": (
        "a,b,both\n0,0,False\n0,1,False\n1,1,True\n",
        Read(("both", "a", "b"), ("False", "True"), [[0, 0], [0, 1], [1, 1]], [0, 0, 1]),
    ),
    "the label first": ("species,x1,x2\na,1.5,2\nb,-3,4.25\na,0.5,6\n", ABA._replace(columns=("species", "x1", "x2"))),
    "the label in the middle": (
        "x1,Class,x2\n1.5,a,2\n-3,b,4.25\n0.5,a,6\n",
        ABA._replace(columns=("Class", "x1", "x2")),
    ),
    "words first, without a name": (
        "a,1.5,2\nb,-3,4.25\na,0.5,6\n",
        ABA._replace(columns=("column 1", "column 2", "column 3")),
    ),
    "four measurements, as Fisher's irises": (
        "sepal_length,sepal_width,petal_length,petal_width,species\n5.1,3.5,1.4,0.2,setosa\n7,3.2,4.7,1.4,versicolor\n",
        Read(("species", "sepal_length", "sepal_width"), ("setosa", "versicolor"), [[5.1, 3.5], [7, 3.2]], [0, 1]),
    ),
    "a name for every sample besides": (
        "name,x1,x2,label\nAda,1.5,2,a\nBo,-3,4.25,b\nCy,0.5,6,a\n",
        ABA,
    ),
    "three numbers and colours": (
        "x,y,colour\n1.5,2,red\n-3,4.25,blue\n0.5,6,red\n",
        Read(("colour", "x", "y"), ("blue", "red"), XY, [1, 0, 1]),
    ),
    "numbered classes": (
        HEAD + "1.5,2,10\n-3,4.25,9\n0.5,6,9.0\n",
        ABA._replace(classes=("9", "10"), targets=[1, 0, 0]),
    ),
    "long numbers as classes": (
        HEAD + "1.5,2,123456789\n-3,4.25,123456780\n0.5,6,123456789\n",
        ABA._replace(classes=("123456780", "123456789"), targets=[1, 0, 1]),
    ),
    "plus and minus as classes": (HEAD + "1.5,2,+\n-3,4.25,-\n0.5,6,+\n", ABA._replace(classes=("+", "-"))),
    "none as a class": (HEAD + "1.5,2,None\n-3,4.25,mild\n0.5,6,None\n", ABA._replace(classes=("None", "mild"))),
    "yes, Yes and no": (
        HEAD + "1.5,2,yes\n-3,4.25,no\n0.5,6,Yes\n",
        ABA._replace(classes=("no", "yes"), targets=[1, 0, 1], remarks=1),
    ),
    "NA among the numbers": (HEAD + "NA,1,a\n" + ROWS + "7,,b\n", ABA._replace(remarks=1)),
    "NA among the labels": (HEAD + "8,1,NA\n" + ROWS + "7,1,nan\n9,9,\n", ABA._replace(remarks=1)),
    "question marks and dashes": (HEAD + "?,1,a\n" + ROWS + "7,-,b\n", ABA._replace(remarks=1)),
    "NA where nothing is taken": ("x1,x2,other,label\n1.5,2,NA,a\n-3,4.25,1,b\n0.5,6,2,a\n", ABA),
    "a short last row": (HEAD + ROWS + "7,8\n", ABA._replace(remarks=1)),
    "a number for a number": ("x,y\n1,2.5\n2,3\n3,3.5\n4,4\n", LINE),
    "a number for two": (
        "x,y,z\n1.5,2,0.1\n-3,4.25,0.2\n0.5,6,0.35\n",
        Read(("z", "x", "y"), (), XY, [0.1, 0.2, 0.35]),
    ),
    "many whole numbers": (
        "area,price\n1,100\n2,150\n3,200\n4,260\n",
        Read(("price", "area", "-"), (), [[1], [2], [3], [4]], [100, 150, 200, 260]),
    ),
    "one input and two classes": (
        "hours,passed\n0.5,0\n1,0\n2,1\n3,1\n",
        Read(("passed", "hours", "-"), ("0", "1"), [[0.5], [1], [2], [3]], [0, 0, 1, 1]),
    ),
    "identifiers too large to learn from": (
        "stamp,x1,x2,label\n1700000000,1.5,2,a\n1700000060,-3,4.25,b\n1700000120,0.5,6,a\n",
        ABA,
    ),
    "markup for names": (
        "<b>x</b>,a@evil.example,label\n" + ROWS,
        ABA._replace(columns=("label", "<b>x</b>", "a@evil.example")),
    ),
    "two columns of one name": (
        "x,x,label\n" + ROWS,
        ABA._replace(columns=("label", "x", "x (2)")),
    ),
    "a column without a name": ("x1,,label\n" + ROWS, ABA._replace(columns=("label", "x1", "column 2"))),
}

SAVE = "save the table as CSV UTF-8 and choose that"
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "The table has no rows"),
    "blank lines": ("  \n \n", "The table has no rows"),
    "commas only": (",,\n,,\n", "The table has no rows"),
    "names only": ("x1,x2,label\n", "The table has column names, but no rows"),
    "an Excel workbook": (b"PK\x03\x04\x14\x00[Content_Types].xml\x00", f"The file is a spreadsheet; {SAVE}"),
    "an old Excel workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50),
        f"The file is an old Excel workbook; {SAVE}",
    ),
    "a zip archive": (b"PK\x03\x04\x14\x00data.csv", f"The file is a zip archive; {SAVE}"),
    "a packed file": (b"\x1f\x8b\x08\x00", f"The file is packed with gzip; {SAVE}"),
    "a PDF": (b"%PDF-1.7\n", f"The file is a PDF; {SAVE}"),
    "a web page": ("<!DOCTYPE html><table></table>", f"The file is a web page; {SAVE}"),
    "JSON": ('[{"x": 1, "y": 2}]', f"The file is JSON; {SAVE}"),
    "half a letter of UTF-16": (b"\xff\xfe\x00", "The file is not text in UTF-8"),
    "bytes": (bytes(range(256)), "The file is not text in UTF-8"),
    "words only": ("one,two,three\nfour,five,six", "The table has no column of numbers besides its label"),
    "one column": ("x\n1\n2\n", "The table has no column of numbers besides its label"),
    "a word among numbers": ("x1,x2,label\n1,2,a\n3,four,b", "Line 3: x2 is 'four'; it must be a number"),
    "a unit under the name": ("x1,x2,label\ncm,cm,kind\n1,2,a\n3,4,b\n", "Line 2: x1 is 'cm'; it must be a number"),
    "infinity": ("1,2,a\n3,-inf,b", "Line 2: column 2 is -inf; it must be a finite number of size at most 1,000,000"),
    "too large": ("1,2,a\n3,2e6,b\n4,5,a", "Line 2: column 2 is 2e6; it must be a finite number"),
    "no whole row": ("x,y,label\n,2,a\n1,,b\n", "No row has all of label, x, y"),
    "one class": ("1,2,a\n3,4,a", "column 3 is 'a' in every row; there must be 2 to 6 classes"),
    "yes and Yes alone": ("1,2,yes\n3,4,Yes", "column 3 is 'yes' in every row"),
    "one number": ("x,y\n1,2.5\n2,2.5\n3,2.5", "y is 2.5 in every row; there must be different ones"),
    "seven classes": (
        "x,label\n" + "".join(f"{k},{'abcdefg'[k]}\n" for k in range(7)) * 2,
        "label has 7 different labels",
    ),
    "a long label": ("1,2," + "a" * 50 + "\n3,4,b", "Line 1: column 3 has 50 characters; at most 40 are allowed"),
    "decimal commas between commas": (
        "x1,x2,label\n1,5,2,5,a\n3,5,4,5,b\n",
        "Line 1: the number of cells is 3, and most lines have 5",
    ),
    "a comma too many": ("x1,x2,label\n1,2,red, dark\n3,4,b\n5,6,b\n", "Line 2: the number of cells is 4"),
    "a row too short": ("1,2,3,a\n5\n4,5,6,b\n", "Line 2: the number of cells is 1, and most lines have 4"),
    "an open quotation mark": ('1,2,"a\n3,4,b\n', "The table cannot be split into columns"),
    "commas that may be either": ('"1,234",2,a\n"2,345",3,b', "1,234 can be read in two ways"),
    "both ways to write numbers": (
        "x;y;label\n1,5;2;a\n2.25;3;b\n",
        "Numbers are written in two ways, as 2.25 and as 1,5",
    ),
    "a strange separator": ("sep=~\n1~2~a\n", "sep= names '~'; allowed are"),
    "too many rows": ("1,2,a\n" * 2002, "The table has 2,002 rows; at most 2,000 are allowed"),
    "too many characters": ("1,2,a\n" * 1_00_000, "The table has 600,000 characters; at most 200,000 are allowed"),
    "too many columns": ("1," * 90_000, "The table has 90,001 columns; at most 100 are allowed"),
}
