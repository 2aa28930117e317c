"""Small data sets: a registry of samples to learn from, and a reader for a table of one's own."""

from landscape.datasets.images import IMAGES as IMAGES
from landscape.datasets.records import DATASETS as DATASETS
from landscape.datasets.records import DataSet as DataSet
from landscape.datasets.refusal import TableError as TableError
from landscape.datasets.samples import Samples as Samples
from landscape.datasets.scaling import Standardized as Standardized
from landscape.datasets.scaling import standardize as standardize
from landscape.datasets.sequences import SEQUENCES as SEQUENCES
from landscape.datasets.table import from_csv as from_csv
