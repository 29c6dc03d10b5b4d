/** OpenSSL's short name of a type of attribute (its `objects.txt`), for those of X.520, of LDAP's pilot (RFC 4524), of PKCS #9, and of extended validation; undefined for others. */
export function attributeShortName(type: string): string | undefined {
  names ??= new Map(
    Object.entries(namesByArc).flatMap(([arc, words]) =>
      words.split(' ').map((word) => {
        const [number, name = ''] = word.split(':');
        return [`${arc}.${number}`, name] as const;
      }),
    ),
  );
  return names.get(type);
}

/** Built at the first question. */
let names: ReadonlyMap<string, string> | undefined;

/** The last number of the object identifier, and the name. */
const namesByArc: Readonly<Record<string, string>> = {
  '2.5.4':
    '3:CN 4:SN 5:serialNumber 6:C 7:L 8:ST 9:street 10:O 11:OU 12:title 13:description 14:searchGuide 15:businessCategory 16:postalAddress 17:postalCode 18:postOfficeBox 19:physicalDeliveryOfficeName 20:telephoneNumber 21:telexNumber 22:teletexTerminalIdentifier 23:facsimileTelephoneNumber 24:x121Address 25:internationaliSDNNumber 26:registeredAddress 27:destinationIndicator 28:preferredDeliveryMethod 29:presentationAddress 30:supportedApplicationContext 31:member 32:owner 33:roleOccupant 34:seeAlso 35:userPassword 36:userCertificate 37:cACertificate 38:authorityRevocationList 39:certificateRevocationList 40:crossCertificatePair 41:name 42:GN 43:initials 44:generationQualifier 45:x500UniqueIdentifier 46:dnQualifier 47:enhancedSearchGuide 48:protocolInformation 49:distinguishedName 50:uniqueMember 51:houseIdentifier 52:supportedAlgorithms 53:deltaRevocationList 54:dmdName 65:pseudonym 72:role 97:organizationIdentifier 98:c3 99:n3 100:dnsName',
  '0.9.2342.19200300.100.1':
    '1:UID 2:textEncodedORAddress 3:mail 4:info 5:favouriteDrink 6:roomNumber 7:photo 8:userClass 9:host 10:manager 25:DC 37:associatedDomain 38:associatedName 43:friendlyCountryName 44:uid',
  '1.2.840.113549.1.9':
    '1:emailAddress 2:unstructuredName 3:contentType 4:messageDigest 5:signingTime 6:countersignature 7:challengePassword 8:unstructuredAddress 9:extendedCertificateAttributes 20:friendlyName 21:localKeyID',
  '1.3.6.1.4.1.311.60.2.1': '1:jurisdictionL 2:jurisdictionST 3:jurisdictionC',
  '1.2.643.3.131.1': '1:INN',
  '1.2.643.100': '1:OGRN 3:SNILS 5:OGRNIP',
};
