"""The engines of the Python driver: where each is and how it is made. Loads none of them."""

_FAISS = {
    "faiss-hnsw": ("faiss_hnsw", "FaissHnsw"),
    "faiss-ivf": ("faiss_ivf", "FaissIvfFlat"),
    "faiss-ivfpq": ("faiss_ivf", "FaissIvfPq"),
    "faiss-rabitq": ("faiss_ivf", "FaissIvfRaBitQ"),
}

# Name: module, class, further arguments of the class.
ENGINES = {
    **{name: (*place, {"batch": False}) for name, place in _FAISS.items()},
    **{name + "-batch": (*place, {"batch": True}) for name, place in _FAISS.items()},
    "qdrant": ("qdrant", "Qdrant", {"codes": ["float"], "acorn": False}),
    "qdrant-int8": ("qdrant", "Qdrant", {"codes": ["int8"], "acorn": False}),
    "qdrant-1bit": ("qdrant", "Qdrant", {"codes": ["1bit"], "acorn": False}),
    "qdrant-acorn": ("qdrant", "Qdrant", {"codes": ["float", "int8"], "acorn": True}),
}
NAMES = list(ENGINES)
