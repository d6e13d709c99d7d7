"""What a space is, written out into a folder of the operator's: HTML and JSON, readable offline."""

from spaces.exporting.writing import Exported, NoExports, export_space

__all__ = ["Exported", "NoExports", "export_space"]
