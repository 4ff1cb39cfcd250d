"""One evaluation as one page: figures, curves and pictures, and nothing fetched from anywhere."""
