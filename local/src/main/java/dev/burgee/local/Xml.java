package dev.burgee.local;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** The little XML that AWS's older APIs speak. */
final class Xml {
    private Xml() {}

    /** An element around what is XML already. */
    static String element(String name, String content) {
        return "<" + name + ">" + content + "</" + name + ">";
    }

    /** An element around a text. */
    static String text(String name, String text) {
        return element(name, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }

    /**
     * The root of a document.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Element parse(String document) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setNamespaceAware(true);
            var builder = factory.newDocumentBuilder();
            // a fault is the caller's; the default prints it
            builder.setErrorHandler(null);
            return builder.parse(new InputSource(new StringReader(document))).getDocumentElement();
        } catch (SAXException e) {
            throw new IllegalArgumentException("the body is no XML: " + e.getMessage(), e);
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All elements of a name below one, whatever their name space. */
    static List<Element> all(Element above, String name) {
        NodeList found = above.getElementsByTagNameNS("*", name);
        return IntStream.range(0, found.getLength())
                .mapToObj(found::item)
                .map(Element.class::cast)
                .toList();
    }

    /** The text of the first element of a name; the empty text when there is none. */
    static String first(Element above, String name) {
        List<Element> found = all(above, name);
        return found.isEmpty() ? "" : found.getFirst().getTextContent().strip();
    }
}
